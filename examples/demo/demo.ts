/**
 * `npm run demo`: one simulated ACRN host from its first preview to the moment when it is again what it was, with the
 * real CLI. Every step has an expectation; the first one that fails ends the demo with status 1.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import colors from "picocolors";
import { diffTrees, snapshotTree, type Tree } from "../lab/tree";
import type { Ended } from "./shown";
import { Stage } from "./stage";

const SOURCE = "/var/lib/pulumi-acrn/scenario.xml";

/** Within the element of POST_RT_VM1: pCPU 2 becomes pCPU 1, which is its neighbour's. */
const HAND_EDIT = `sed -i "/POST_RT_VM1/,/POST_STD_VM1/ s/<pcpu_id>2</<pcpu_id>1</" $PULUMI_ACRN_ROOT${SOURCE}`;

/** How long processes that have been told to end (sessions of a closed connection) may take. */
const GRACE_MS = 5000;

interface Step {
  title: string;
  play(stage: Stage, start: Tree): Promise<void>;
}

const STEPS: readonly Step[] = [
  {
    title: "Preview: what would change, before anything is touched",
    async play(stage, start) {
      const text = succeeded(await stage.pulumi("preview", "--diff"));
      says(text, "POST_RT_VM1]/cpu_affinity: 3 => 2-3");
      says(text, "+        <pcpu_id>2</pcpu_id>");
      expect("The preview wrote nothing: not a file, not a time", diffTrees(start, treeOf(stage), { times: true }));
    },
  },
  {
    title: "Up: converge the host",
    async play(stage) {
      succeeded(await stage.pulumi("up", "--yes", "--skip-preview"));
      expectOn(stage, [2, 3]);
    },
  },
  {
    title: "Preview again: nothing left to do",
    async play(stage) {
      says(succeeded(await stage.pulumi("preview", "--expect-no-changes")), "4 unchanged");
    },
  },
  {
    title: "Somebody changes the host by hand",
    async play(stage) {
      succeeded(await stage.byHand(HAND_EDIT));
      expectOn(stage, [1, 3]);
    },
  },
  {
    title: "Preview: live => desired",
    async play(stage) {
      const text = succeeded(await stage.pulumi("preview", "--refresh", "--diff"));
      says(text, "[0]: 1 => 2");
      says(text, "POST_RT_VM1]/cpu_affinity: 1,3 => 2-3");
    },
  },
  {
    title: "Up: mend it",
    async play(stage) {
      succeeded(await stage.pulumi("up", "--yes", "--skip-preview"));
      expectOn(stage, [2, 3]);
    },
  },
  {
    title: "Destroy: give everything back",
    async play(stage) {
      succeeded(await stage.pulumi("destroy", "--yes", "--skip-preview"));
    },
  },
  {
    title: "Proof: the host is what it was",
    async play(stage, start) {
      const end = treeOf(stage);
      expect(`${counted(end)}: contents, modes and owners as at the start`, diffTrees(start, end, { times: false }));
      expect("No process is left behind", await leftovers(stage));
    },
  },
];

async function play(stage: Stage): Promise<void> {
  const start = treeOf(stage);
  console.log(`A simulated ACRN host in ${stage.host.dir}, behind ssh on port ${stage.host.port}.`);
  console.log("The program: examples/demo/index.ts; Pulumi's state: a folder beside the host, gone at the end.");
  const began = Date.now();
  for (const [index, { title, play }] of STEPS.entries()) {
    console.log(`\n${colors.bold(`[${index + 1}/${STEPS.length}] ${title}`)}`);
    const from = Date.now();
    await play(stage, start);
    console.log(colors.dim(`(${seconds(from)})`));
  }
  console.log(colors.bold(`\nDone in ${seconds(began)}.`));
}

function treeOf(stage: Stage): Tree {
  return snapshotTree(stage.host.dir);
}

class Unexpected extends Error {}

function succeeded({ status, text }: Ended): string {
  if (status !== 0) throw new Unexpected(`the command ended with status ${status}`);
  // Colours of a terminal (ECMA-48, SGR).
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}

function says(text: string, expected: string): void {
  if (!text.includes(expected)) throw new Unexpected(`its output should say: ${expected}`);
}

/** Says what holds, or throws with what does not. */
function expect(claim: string, against: readonly unknown[]): void {
  if (against.length > 0) throw new Unexpected(`${claim}. But:\n  ${against.join("\n  ")}`);
  console.log(colors.green(`✓ ${claim}.`));
}

/** Read from the file itself, without the product's code. */
function expectOn(stage: Stage, cpus: readonly number[]): void {
  const file = join(stage.host.dir, SOURCE);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const vm = text.split("<vm id=").find((part) => part.includes("<name>POST_RT_VM1</name>")) ?? "";
  const found = [...vm.matchAll(/<pcpu_id>(\d+)</g)].map((match) => match[1]).join(", ");
  const claim = `On the host POST_RT_VM1 is on pCPU ${cpus.join(", ")}`;
  expect(claim, found === cpus.join(", ") ? [] : [`it is on ${found || "none"}`]);
}

function counted(tree: Tree): string {
  const count = (type: string) => [...tree.values()].filter((entry) => entry.type === type).length;
  return `${count("file")} files, ${count("link")} links, ${count("directory")} folders`;
}

async function leftovers(stage: Stage): Promise<string[]> {
  const until = Date.now() + GRACE_MS;
  while (stage.processes().length > 0 && Date.now() < until) await new Promise((settle) => setTimeout(settle, 100));
  return stage.processes().map((pid) => `process ${pid} still runs`);
}

function seconds(from: number): string {
  return `${((Date.now() - from) / 1000).toFixed(1)} s`;
}

/** Settles when the demo is to end early. */
function interrupted(): Promise<number> {
  const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  return new Promise((settle) => {
    for (const [name, number] of Object.entries(signals)) process.once(name, () => settle(128 + number));
  });
}

async function main(): Promise<number> {
  const end = interrupted();
  const stage = await Stage.build();
  try {
    const status = await Promise.race([play(stage).then(() => 0), end]);
    if (status !== 0) console.log("\nInterrupted; cleaning up.");
    return status;
  } catch (error) {
    console.error(colors.red(`\n✗ ${error instanceof Unexpected ? error.message : (error as Error).stack}`));
    return 1;
  } finally {
    await stage.close();
  }
}

// What an interrupted step still has open must not keep the process.
main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
