import { findPulumi } from "../../../tools/pulumi-cli";
import { pulumiEnv } from "../../../tools/pulumi-env";
import { findPython, type Python } from "../../support/python";
import type { Bench, Measure } from "../bench";
import { type Goal, judged, type Line, type Row, type Spread, shown, spreadOf } from "../figures";
import type { Hosts } from "../hosts/hosts";
import { MOVES } from "../hosts/tree";
import { CLAIM_FILES, claims, idle, partitions } from "../programs";
import { Project } from "../project";
import { Ansible } from "../rivals/ansible";
import { PINS } from "../rivals/pins";
import { Pyinfra } from "../rivals/pyinfra";

/** The goals hold for the middle size. */
const MIDDLE = 14;
const ANSIBLE: Goal = { is: ">=", value: 5, text: ">= 5x" };
const PYINFRA: Goal = { is: ">=", value: 1.5, text: ">= 1.5x" };

/** What is timed in turn; each returns milliseconds. */
type Runner = () => Promise<number>;

/** (b) Whole previews of five claims a host, against the same edits of the same files by others. */
export const measurePreview: Measure = async (bench) => {
  const what = "whole preview";
  if (findPulumi() === undefined) return [{ measure: "b", what, why: "no Pulumi CLI" }];
  const python = bench.quick ? "it takes too long for a quick run" : await findPython("bench", PINS);
  const lines: Line[] = [];
  if (typeof python === "string") lines.push({ measure: "b", what: "Ansible and pyinfra", why: python });
  for (const count of bench.sizes) lines.push(...(await ofSize(bench, count, python)));
  return lines;
};

async function ofSize(bench: Bench, count: number, python: Python | string): Promise<Row[]> {
  const hosts = await bench.hosts(count);
  const runners = {
    ...(await ours(bench, hosts)),
    ...(typeof python === "string" ? {} : theirs(bench, hosts, python)),
  };
  const times = await inTurn(runners, bench.runs);
  await hosts.close();
  return rows(count, times);
}

async function ours(bench: Bench, hosts: Hosts): Promise<Record<string, Runner>> {
  const count = hosts.names.length;
  const env = pulumiEnv(bench.folder(`pulumi-${count}`));
  const make = (name: string, program: string, files?: readonly string[]) =>
    Project.create(bench.folder(`${name}-${count}`), env, program, files);
  const [five, one, none] = [
    await make("claims", claims(hosts), CLAIM_FILES),
    await make("partitions", partitions(hosts)),
    await make("idle", idle(hosts)),
  ];
  return {
    claims: () => five.preview(count * MOVES.length),
    partitions: () => one.preview(count * MOVES.length),
    idle: () => none.preview(0),
  };
}

function theirs(bench: Bench, hosts: Hosts, python: Python): Record<string, Runner> {
  const count = hosts.names.length;
  const ansible = new Ansible(python, hosts, bench.folder(`ansible-${count}`));
  const pyinfra = new Pyinfra(python, hosts, bench.folder(`pyinfra-${count}`));
  return { ansible: () => ansible.preview(), pyinfra: () => pyinfra.preview() };
}

/** A B C A B C: what slows the machine for a while slows all of them. The first round only warms its caches. */
async function inTurn(runners: Record<string, Runner>, runs: number): Promise<Map<string, Spread>> {
  const times = new Map(Object.keys(runners).map((name) => [name, [] as number[]]));
  for (let round = runs > 1 ? -1 : 0; round < runs; round++)
    for (const [name, runner] of Object.entries(runners)) {
      const took = await runner();
      if (round >= 0) times.get(name)?.push(took);
    }
  return new Map([...times].map(([name, all]) => [name, spreadOf(all)]));
}

function rows(count: number, times: ReadonlyMap<string, Spread>): Row[] {
  const of = (name: string) => times.get(name) as Spread;
  const hosts = `${count} host${count === 1 ? "" : "s"}`;
  const row = (measure: string, name: string, what: string, other: string, words: string, goal?: Goal): Row => {
    const times = of(other).median / of(name).median;
    return {
      measure,
      what: `preview of ${hosts}, ${what}`,
      figure: shown(of(name), "s"),
      baseline: `${shown(of(other), "s")}: ${words}`,
      ratio: `${times.toFixed(2)}x`,
      goal: count === MIDDLE ? judged(goal, times) : "",
    };
  };
  const resources = count * (MOVES.length + 1);
  const rivals = !times.has("ansible")
    ? []
    : [
        row(
          "b",
          "claims",
          "five resources each",
          "ansible",
          `ansible-core ${PINS["ansible-core"]} --check --diff`,
          ANSIBLE,
        ),
        row("b", "claims", "five resources each", "pyinfra", `pyinfra ${PINS.pyinfra} --dry`, PYINFRA),
        row("b", "partitions", "one CorePartition each", "ansible", "Ansible", ANSIBLE),
        row("b", "partitions", "one CorePartition each", "pyinfra", "pyinfra", PYINFRA),
      ];
  const floor = row(
    "b",
    "claims",
    "five resources each",
    "idle",
    `floor: ${resources} dynamic resources that do nothing`,
  );
  return [...rivals, floor];
}
