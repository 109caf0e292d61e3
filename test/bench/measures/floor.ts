import { readFileSync } from "node:fs";
import { Client, type ConnectConfig } from "ssh2";
import { findPulumi } from "../../../tools/pulumi-cli";
import { pulumiEnv } from "../../../tools/pulumi-env";
import { run } from "../../support/run-program";
import type { Measure } from "../bench";
import { type Line, type Row, type Spread, shown, spreadOf } from "../figures";
import type { Hosts } from "../hosts/hosts";
import { Project } from "../project";

/** Floors: what stands below everything else and is not ours. */
export const measureFloor: Measure = async (bench) => {
  const lines: Line[] = [];
  const hosts = await bench.hosts(1);
  const { ssh } = bench;
  if (ssh) {
    const config = await settingsOf(ssh, hosts);
    const bare = await repeated(bench.runs * 2, () => handshake(config));
    const args = ["-F", hosts.sshConfig, hosts.names[0] ?? "", "true"];
    const theirs = await repeated(bench.runs * 2, async () => (await run(ssh, args)).took);
    lines.push(row("a bare login with ssh2, no command", bare, theirs, "ms", "`ssh HOST true`"));
  }
  if (findPulumi() === undefined) return lines;
  const env = pulumiEnv(bench.folder("pulumi-floor"));
  const empty = await Project.create(bench.folder("empty"), env, "");
  const loaded = await Project.create(bench.folder("loaded"), env, 'require("@pulumi/pulumi");\n');
  const node = await repeated(bench.runs, async () => (await run(process.execPath, ["-e", ""])).took);
  const times = await repeated(bench.runs, () => empty.preview(0));
  const more = await repeated(bench.runs, () => loaded.preview(0));
  lines.push(row("`pulumi preview` of an empty program", times, node, "s", "`node -e ''`"));
  lines.push(row("`pulumi preview` of a program that only loads the SDK", more, times, "s", "the empty program"));
  return lines;
};

function row(what: string, figure: Spread, baseline: Spread, unit: "ms" | "s", against: string): Row {
  return {
    measure: "floor",
    what,
    figure: shown(figure, unit),
    baseline: `${shown(baseline, unit)}: ${against}`,
    ratio: (figure.median / baseline.median).toFixed(2),
    goal: "",
  };
}

async function repeated(count: number, once: () => Promise<number>): Promise<Spread> {
  const times: number[] = [];
  for (let done = 0; done < count; done++) times.push(await once());
  return spreadOf(times);
}

/** What the real client makes of the ssh_config: `ssh -G` prints it, a keyword a line (ssh(1)). */
async function settingsOf(ssh: string, { sshConfig, names }: Hosts): Promise<ConnectConfig> {
  const { stdout } = await run(ssh, ["-F", sshConfig, "-G", names[0] ?? ""]);
  const value = (keyword: string) => stdout.match(new RegExp(`^${keyword} (.*)$`, "m"))?.[1] ?? "";
  const privateKey = readFileSync(value("identityfile"));
  return { host: value("hostname"), port: Number(value("port")), username: value("user"), privateKey };
}

/** Milliseconds from the dial to the accepted key. */
function handshake(config: ConnectConfig): Promise<number> {
  const started = performance.now();
  const client = new Client();
  return new Promise((settle, reject) => {
    client.once("error", reject);
    client.once("ready", () => {
      const took = performance.now() - started;
      client.once("close", () => settle(took));
      client.end();
    });
    client.connect(config);
  });
}
