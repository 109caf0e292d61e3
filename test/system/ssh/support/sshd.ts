import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Daemon, freePorts, startDaemon } from "./daemon";
import type { World } from "./world";

/**
 * One sshd. A door is a port of it with what `Match LocalPort` says there (sshd_config(5)): so that a few daemons serve many rows.
 * sshd sends every keyword that may not stand under Match to `global`.
 */
export interface SshdSpec {
  name: string;
  /** Files of host keys, by their name in the world. */
  hostKeys: readonly string[];
  global?: readonly string[];
  doors: Readonly<Record<string, readonly string[]>>;
}

export interface Sshd extends Daemon {
  ports: Readonly<Record<string, number>>;
}

export async function startSshd(world: World, spec: SshdSpec): Promise<Sshd> {
  for (let attempt = 1; ; attempt++) {
    const numbers = await freePorts(Object.keys(spec.doors).length);
    const ports = Object.fromEntries(Object.keys(spec.doors).map((door, index) => [door, numbers[index] as number]));
    const config = join(world.dir, `sshd_config.${spec.name}`);
    writeFileSync(config, sshdConfig(world, spec, ports));
    const daemon = startDaemon([...world.enter, world.sshd, "-D", "-e", "-f", config]);
    if (await listens(daemon, numbers)) return { ...daemon, ports };
    await daemon.stop();
    if (attempt === 3) throw new Error(`sshd ${spec.name} did not start: ${daemon.log()}`);
  }
}

/** StrictModes off: it would refuse key files below a folder for temporary files that all may write. */
function sshdConfig(world: World, spec: SshdSpec, ports: Readonly<Record<string, number>>): string {
  const lines = [
    "ListenAddress 127.0.0.1",
    ...Object.values(ports).map((port) => `Port ${port}`),
    ...spec.hostKeys.map((name) => `HostKey ${world.file(`host_${name}`)}`),
    "PidFile none",
    "StrictModes no",
    "LogLevel ERROR",
    `AuthorizedKeysFile ${world.file("authorized")}`,
    // 9.8 and later lock out an address after failed logins, and all rows come from one
    ...(world.version >= 9.8 ? ["PerSourcePenalties no"] : []),
    "MaxStartups 100", // of this one the last value counts
    ...(spec.global ?? []),
  ];
  for (const [door, more] of Object.entries(spec.doors)) {
    if (more.length > 0) lines.push(`Match LocalPort ${ports[door]}`, ...more.map((line) => `  ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

/** sshd goes on when one port of several is taken, so each is asked. */
async function listens(daemon: ReturnType<typeof startDaemon>, ports: readonly number[]): Promise<boolean> {
  for (let round = 0; round < 200 && daemon.child.exitCode === null; round++) {
    if (/Address already in use|Cannot bind/.test(daemon.log())) return false;
    if ((await Promise.all(ports.map(answers))).every(Boolean)) return true;
    await sleep(25);
  }
  return false;
}

function answers(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
    socket.once("connect", () => socket.destroy());
  });
}
