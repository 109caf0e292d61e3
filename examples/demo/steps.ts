/** What the demo does, in order: each step has an expectation, and the first that fails ends it. */
import { diffTrees, type Tree } from "../lab/tree";
import {
  counted,
  expect,
  expectBooted,
  expectMemory,
  expectNoOneShot,
  expectOn,
  leftovers,
  SOURCE,
  says,
  succeeded,
  treeOf,
  until,
  written,
} from "./expect";
import { LAUNCH, type Stage } from "./stage";

/** Within the element of POST_RT_VM1: pCPU 2 becomes pCPU 1, which is its neighbour's. */
const HAND_EDIT = `sed -i "/POST_RT_VM1/,/POST_STD_VM1/ s/<pcpu_id>2</<pcpu_id>1</" $PULUMI_ACRN_ROOT${SOURCE}`;

/** As its owner would, but for the session: it outlives ours. */
const BY_HAND = `setsid bash ${LAUNCH} >/dev/null 2>&1 </dev/null &`;

/** Stands in for ACRN's `make hypervisor`. */
const BUILD = 'lab-build "$BOARD_FILE" "$SCENARIO_FILE" "$OUT"';

export interface Step {
  title: string;
  play(stage: Stage, start: Tree): Promise<void>;
}

export const STEPS: readonly Step[] = [
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
    title: "Cache ways for the VM alone, and a hypervisor that has them: written and built, not running",
    async play(stage) {
      succeeded(await stage.configure("acrn:build", BUILD));
      says(succeeded(await stage.pulumi("up", "--yes", "--skip-preview")), "hypervisor-install");
      says(succeeded(await stage.output("caches")), "rt    ####........");
      expectBooted(stage, "packaged", "no class");
    },
  },
  {
    title: "Allowed for a run: install it beside the old one, boot it once, confirm it, promote it",
    async play(stage) {
      for (const [at, act] of ["hypervisor-install", "host-reboot"].entries())
        succeeded(await stage.configure("--path", `acrn:allow[${at + 1}]`, act));
      const text = succeeded(await stage.pulumi("up", "--yes", "--skip-preview"));
      says(text, "the host was rebooted, and POST_RT_VM1 runs again");
      expectBooted(stage, "ours", "0xf00");
      says(succeeded(await stage.acrn("images")), "runs, the default, wanted");
    },
  },
  {
    title: "Destroy: give everything back; the packaged image boots again",
    async play(stage) {
      succeeded(await stage.pulumi("destroy", "--yes", "--skip-preview"));
      expectMemory(stage, "2048M");
      succeeded(await stage.byHand("poweroff", "guest"));
      await until(() => stage.vm === undefined, "the VM is off");
      succeeded(await stage.byHand("reboot"));
      await until(() => stage.boots === 3, "the host is back");
      expectBooted(stage, "packaged", "no class");
    },
  },
  {
    title: "Proof: the host is what it was",
    async play(stage, start) {
      const [then, now] = [start, treeOf(stage)].map(written) as [Tree, Tree];
      expectNoOneShot(stage);
      expect(`${counted(now)}: contents, modes and owners as at the start`, diffTrees(then, now, { times: false }));
      expect("No process is left behind", await leftovers(stage));
    },
  },
];
