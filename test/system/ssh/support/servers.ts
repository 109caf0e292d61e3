import { connect, type Socket } from "node:net";
import type { Daemon } from "./daemon";
import { type Sshd, type SshdSpec, startSshd } from "./sshd";
import type { World } from "./world";

const HOST_KEYS = ["ed25519", "ecdsa", "rsa"];
const KEYS_ONLY = ["PasswordAuthentication no", "KbdInteractiveAuthentication no"];

/** All daemons of the rows. `pam` and `password` need the made accounts. */
function specs(world: World): SshdSpec[] {
  const main: SshdSpec = {
    name: "main",
    hostKeys: HOST_KEYS,
    global: ["UsePAM no", "PermitRootLogin yes", ...KEYS_ONLY],
    doors: {
      plain: [],
      jump: [],
      second: [],
      caged: ["AllowTcpForwarding no"],
      password: ["PasswordAuthentication yes"],
      two: ["PasswordAuthentication yes", "AuthenticationMethods publickey,password"],
      twoKeys: ["AuthenticationMethods publickey,publickey"],
      tries2: ["MaxAuthTries 2"],
      forced: ["ForceCommand exit 3"],
      allow: ["AllowUsers somebody-else"],
      deny: [`DenyUsers ${world.user}`],
      banner: [`Banner ${world.write("banner", `\u001b[2J${"Authorised use only. ".repeat(1500)}\n`)}`],
      longBanner: [`Banner ${world.write("long-banner", "Authorised use only.\n".repeat(2000))}`],
      usercert: [`TrustedUserCAKeys ${world.file("user_ca.pub")}`],
      revoked: [`RevokedKeys ${world.file("revoked.pub")}`],
      noSession: ["MaxSessions 0"],
      rekey: ["RekeyLimit 64K"],
      noRoot: ["PermitRootLogin no"],
      rootByKey: ["PermitRootLogin prohibit-password"],
      rootForced: ["PermitRootLogin forced-commands-only"],
      noKeys: ["PubkeyAuthentication no", "PasswordAuthentication yes"],
    },
  };
  const one = (name: string, hostKey: string, ...global: string[]): SshdSpec => ({
    name,
    hostKeys: [hostKey],
    global: ["UsePAM no", ...KEYS_ONLY, ...global],
    doors: { [name]: [] },
  });
  return [
    ...byPorts(main),
    one("certified", "certified", `HostCertificate ${world.file("host_certified-cert.pub")}`),
    one("oldKex", "ed25519", "KexAlgorithms diffie-hellman-group14-sha1"),
    one("oldCipher", "ed25519", "Ciphers aes128-cbc"),
    one("oldHostKey", "rsa", "HostKeyAlgorithms ssh-rsa"),
    one("sha1", "ed25519", "PubkeyAcceptedAlgorithms ssh-rsa"),
    one("full", "ed25519", "MaxStartups 1:100:1", "LoginGraceTime 600"),
    ...(world.accounts ? [pam()] : []),
  ];
}

/** As many daemons as it takes: one listens on 16 sockets at most (MAX_LISTEN_SOCKS in OpenSSH's sshd.c). */
function byPorts(spec: SshdSpec): SshdSpec[] {
  const doors = Object.entries(spec.doors);
  const parts = Array.from({ length: Math.ceil(doors.length / 16) }, (_, part) =>
    doors.slice(part * 16, part * 16 + 16),
  );
  return parts.map((some, part) => ({ ...spec, name: `${spec.name}${part}`, doors: Object.fromEntries(some) }));
}

function pam(): SshdSpec {
  return {
    name: "pam",
    hostKeys: ["ed25519"],
    global: ["UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes"],
    doors: {
      pam: [],
      pamPassword: ["PasswordAuthentication yes", "KbdInteractiveAuthentication no"],
      pamTwo: ["AuthenticationMethods publickey,keyboard-interactive"],
    },
  };
}

export interface Servers extends Pick<Daemon, "stop"> {
  port(door: string): number;
  log(): string;
}

export async function startServers(world: World): Promise<Servers> {
  const started: Sshd[] = [];
  const held: Socket[] = [];
  const stop = async () => {
    for (const socket of held) socket.destroy();
    await Promise.all(started.map((sshd) => sshd.stop()));
  };
  try {
    await Promise.all(specs(world).map(async (spec) => void started.push(await startSshd(world, spec))));
  } catch (error) {
    await stop();
    throw error;
  }
  const ports = Object.assign({}, ...started.map((sshd) => sshd.ports)) as Record<string, number>;
  held.push(await occupy(ports.full as number));
  return {
    port(door) {
      const port = ports[door];
      if (port === undefined) throw new Error(`no door ${door}`);
      return port;
    },
    log: () => started.map((sshd) => sshd.log()).join(""),
    stop,
  };
}

/** Takes the only place for connections that are not logged in yet; tries again while the ones that saw the port open still hold it. */
async function occupy(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect({ host: "127.0.0.1", port }).on("error", () => {});
    const greeted = await new Promise<boolean>((settle) => {
      socket.once("data", (words: Buffer) => settle(words.toString().startsWith("SSH-")));
      socket.once("close", () => settle(false));
    });
    if (greeted) return socket;
    socket.destroy();
  }
}
