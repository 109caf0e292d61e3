/**
 * `npm run demo`: one simulated ACRN host from its first preview to the moment when it is again what it was, with the
 * real CLI. Every step has an expectation; the first one that fails ends the demo with status 1.
 */
import colors from "picocolors";
import { diffTrees, type Tree } from "../lab/tree";
import {
  counted,
  expect,
  expectMemory,
  expectOn,
  leftovers,
  SOURCE,
  says,
  succeeded,
  treeOf,
  Unexpected,
  until,
  written,
} from "./expect";
import { LAUNCH, Stage } from "./stage";

/** Within the element of POST_RT_VM1: pCPU 2 becomes pCPU 1, which is its neighbour's. */
const HAND_EDIT = `sed -i "/POST_RT_VM1/,/POST_STD_VM1/ s/<pcpu_id>2</<pcpu_id>1</" $PULUMI_ACRN_ROOT${SOURCE}`;

/** As its owner would, but for the session: it outlives ours. */
const BY_HAND = `setsid bash ${LAUNCH} >/dev/null 2>&1 </dev/null &`;

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
    title: "The real-time VM runs, launched by hand, and is to have more memory: written, not running",
    async play(stage) {
      succeeded(await stage.byHand(BY_HAND));
      await until(() => stage.vm !== undefined, "the VM runs");
      succeeded(await stage.configure("acrn:memory", "2G"));
      const text = succeeded(await stage.pulumi("up", "--yes", "--skip-preview"));
      says(text, "+    -m 2048M");
      says(text, "rtvm-power-cycle of POST_RT_VM1 (interrupts this VM alone)");
      expectMemory(stage, "1024M");
    },
  },
  {
    title: "Allowed for a run: power it off inside, see it end, start it again",
    async play(stage) {
      const before = stage.vm?.pid;
      succeeded(await stage.configure("--path", "acrn:allow[0]", "rtvm-power-cycle"));
      says(succeeded(await stage.pulumi("up", "--yes", "--skip-preview")), "POST_RT_VM1 was power-cycled");
      expectMemory(stage, "2048M");
      expect("It is another acrn-dm than before", stage.vm?.pid === before ? [`it is ${before}`] : []);
    },
  },
  {
    title: "Destroy: give everything back",
    async play(stage) {
      succeeded(await stage.pulumi("destroy", "--yes", "--skip-preview"));
      expectMemory(stage, "2048M");
      succeeded(await stage.byHand("poweroff", "guest"));
      await until(() => stage.vm === undefined, "the VM is off");
    },
  },
  {
    title: "Proof: the host is what it was",
    async play(stage, start) {
      const [then, now] = [start, treeOf(stage)].map(written) as [Tree, Tree];
      expect(`${counted(now)}: contents, modes and owners as at the start`, diffTrees(then, now, { times: false }));
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
