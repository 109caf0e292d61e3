import { run } from "../../support/run-program";
import type { Bench, Measure } from "../bench";
import { type Goal, judged, type Line, type Row, type Spread, shown, spreadOf } from "../figures";
import type { Hosts } from "../hosts/hosts";
import { plainScript, planPartition, readDraft } from "../read-plan";

const GOAL: Goal = { is: "<=", value: 1.3, text: "<= 1.3" };

/** OpenSSH's client prefers a costlier key exchange than ssh2 has (sntrup761x25519, ssh_config(5) KexAlgorithms). */
const SAME_EXCHANGE = ["-o", "KexAlgorithms=curve25519-sha256"];

/** (a) Read and plan of one host in process against `ssh HOST sh < the same script`. */
export const measureRead: Measure = async (bench) => {
  const what = "read and plan of one host, in process";
  if (!bench.ssh) return [{ measure: "a", what, why: "no ssh client" }];
  const lines: Line[] = [];
  for (const hosts of [await bench.labHost(), await bench.hosts(1)]) lines.push(...(await against(bench, hosts, what)));
  return lines;
};

async function against(bench: Bench, hosts: Hosts, what: string): Promise<Row[]> {
  const [name = ""] = hosts.names;
  const ours: number[] = [];
  const theirs: number[] = [];
  const same: number[] = [];
  const first = await timed(hosts, name);
  for (let round = 0; round < bench.runs * 2; round++) {
    ours.push(await timed(hosts, name));
    theirs.push(await ssh(bench, hosts, name, []));
    same.push(await ssh(bench, hosts, name, SAME_EXCHANGE));
  }
  const [a, b, c] = [ours, theirs, same].map(spreadOf) as [Spread, Spread, Spread];
  const row = (figure: Spread, baseline: Spread, against: string, more: string, goal?: Goal): Row => ({
    measure: "a",
    what: `${what}${more}; ${hosts.server}`,
    figure: shown(figure, "ms"),
    baseline: `${shown(baseline, "ms")}: ${against}`,
    ratio: (figure.median / baseline.median).toFixed(2),
    goal: judged(goal, figure.median / baseline.median),
  });
  return [
    row(a, b, "`ssh HOST sh < script`", "", GOAL),
    row(a, c, "the same with our key exchange (curve25519)", "", GOAL),
    row(spreadOf([first]), b, "`ssh HOST sh < script`", ", the first in the process"),
  ];
}

async function timed(hosts: Hosts, name: string): Promise<number> {
  const started = performance.now();
  planPartition(await readDraft({ host: name, sshConfig: hosts.sshConfig }), "to");
  const took = performance.now() - started;
  return took;
}

async function ssh(bench: Bench, { sshConfig }: Hosts, name: string, options: readonly string[]): Promise<number> {
  const args = ["-F", sshConfig, "-T", ...options, name, "sh"];
  const { took, stdout } = await run(bench.ssh as string, args, { input: plainScript() });
  if (!stdout.endsWith("end 1\n")) throw new Error(`the plain script did not end well: ${stdout.slice(-200)}`);
  return took;
}
