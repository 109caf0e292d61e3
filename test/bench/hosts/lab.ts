import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Hosts, hostNames } from "./hosts";
import { layDownHost } from "./tree";

const CHILD = join(__dirname, "lab-child.ts");

/** The lab's server, a process a host. */
export async function startLabHosts(dir: string, count: number): Promise<Hosts> {
  mkdirSync(dir, { recursive: true });
  const names = hostNames(count);
  const tree = (name: string) => join(dir, name, "tree");
  const children = names.map((name) => {
    layDownHost(tree(name), name);
    const args = ["-r", "ts-node/register/transpile-only", CHILD, join(dir, name, "lab"), name, tree(name)];
    return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  });
  const close = () => end(children);
  try {
    const configs = await Promise.all(children.map(firstLine));
    const sshConfig = join(dir, "ssh_config");
    writeFileSync(sshConfig, configs.map((file) => readFileSync(file, "utf8")).join("\n"));
    return { server: "the lab", names, sshConfig, tree, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the child says once it listens: where its ssh_config is. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((settle, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => settle(chunk.toString("utf8").trim()));
    child.once("exit", (code) => reject(new Error(`the lab's server ended with status ${code}`)));
  });
}

/** It ends, with all that runs on its host, when its stdin does. */
async function end(children: readonly ChildProcess[]): Promise<void> {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null);
  await Promise.all(
    running.map((child) => {
      const ended = new Promise((settle) => child.once("exit", settle));
      child.stdin?.end();
      return ended;
    }),
  );
}
