import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Accounts } from "../../../examples/lab/server/accounts";
import { hostKey, keyPair } from "../../../examples/lab/server/keys";
import { which } from "../../../tools/paths";
import { type Hosts, hostNames, section } from "./hosts";
import { layDownHost } from "./tree";

const READY_MS = 10_000;

/** sshd stands where an ordinary PATH does not look; it starts itself again by its absolute path (sshd(8), -D). */
export function findSshd(): string | undefined {
  return which("sshd", { PATH: ["/usr/sbin", "/usr/local/sbin", process.env.PATH].join(delimiter) });
}

/** One OpenSSH server a host, each on a loopback port. */
export async function startSshd(sshd: string, dir: string, count: number): Promise<Hosts> {
  mkdirSync(dir, { recursive: true });
  // Where root's sshd puts the process before the login; a package that was installed without its service lacks it.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const key = join(dir, "id_ed25519");
  const authorized = join(dir, "authorized_keys");
  writeFileSync(authorized, `${keyPair(key, "bench").public}\n`, { mode: 0o600 });
  const names = hostNames(count);
  const children: ChildProcess[] = [];
  const close = () => end(children);
  try {
    const started = names.map((name) => start(sshd, join(dir, name), name, authorized, children));
    const ports = await Promise.all(started);
    const sections = names.map((name, index) =>
      section({
        name,
        port: ports[index] as number,
        user: userInfo().username,
        key,
        knownHosts: join(dir, name, "known_hosts"),
      }),
    );
    const sshConfig = join(dir, "ssh_config");
    writeFileSync(sshConfig, sections.join("\n"));
    return { server: "OpenSSH sshd", names, sshConfig, tree: (name) => join(dir, name, "tree"), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(sshd: string, dir: string, name: string, authorized: string, children: ChildProcess[]) {
  const tree = join(dir, "tree");
  layDownHost(tree, name);
  const port = await freePort();
  const key = join(dir, "host_key");
  writeFileSync(join(dir, "known_hosts"), `[127.0.0.1]:${port} ${hostKey(key).public}\n`);
  // The lab's own environment of a command: the prefix of the tree, and stubs that make whoever runs the bench root there.
  const environment = new Accounts({ name, dir: tree }, join(dir, "state"), {}).environment("root");
  const config = join(dir, "sshd_config");
  writeFileSync(config, configuration(port, key, authorized, environment));
  const child = spawn(sshd, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  children.push(child);
  await answers(child, port);
  return port;
}

/** sshd_config(5). Nothing of the machine's own set-up counts: no PAM, no lookup of names. */
function configuration(port: number, key: string, authorized: string, environment: NodeJS.ProcessEnv): string {
  const names = Object.entries(environment).filter(([name]) => !["USER", "LOGNAME", "SHELL"].includes(name));
  const variables = names.map(([name, value]) => `"${name}=${value}"`).join(" ");
  const lines = [
    "ListenAddress 127.0.0.1",
    `Port ${port}`,
    `HostKey ${key}`,
    `AuthorizedKeysFile ${authorized}`,
    "StrictModes no",
    "UsePAM no",
    "UseDNS no",
    "PidFile none",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PrintMotd no",
    "LogLevel ERROR",
    `SetEnv ${variables}`,
  ];
  return `${lines.join("\n")}\n`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const { port } = server.address() as AddressInfo;
  await new Promise((settle) => server.close(settle));
  return port;
}

async function answers(child: ChildProcess, port: number): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  for (let waited = 0; waited < READY_MS; waited += 20) {
    if (child.exitCode !== null) break;
    if (await opens(port)) return;
    await sleep(20);
  }
  throw new Error(`sshd does not start: ${said.trim() || "it said nothing"}`);
}

function opens(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, "127.0.0.1");
    const done = (open: boolean) => {
      socket.destroy();
      settle(open);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}

async function end(children: readonly ChildProcess[]): Promise<void> {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null);
  await Promise.all(
    running.map((child) => {
      const ended = new Promise((settle) => child.once("exit", settle));
      child.kill("SIGTERM");
      return ended;
    }),
  );
}
