import assert from "node:assert/strict";
import { checkTuning } from "../../../../provider/core/tuning/checks";
import { known, unknown } from "../../../../provider/core/tuning/fact";
import { assertSpoken, type Case, inputOf } from "./guest";

/** Title, input, and `severity id property` of all that is said. */
const rows: [title: string, input: Case, said: string[]][] = [
  // CPU lists
  ["no RT CPU", { cpus: { rt: [], housekeeping: [0] } }, ["refusal tuning.cpu-lists rtCpus"]],
  ["no housekeeping CPU", { cpus: { rt: [1], housekeeping: [] } }, ["refusal tuning.cpu-lists housekeepingCpus"]],
  ["a CPU in both lists", { cpus: { rt: [1, 2], housekeeping: [0, 1] } }, ["refusal tuning.cpu-lists rtCpus"]],
  ["CPU 0 as RT CPU", { cpus: { rt: [0], housekeeping: [1] } }, ["refusal tuning.cpu0 rtCpus"]],
  [
    "by hand, a CPU that the guest lacks",
    { byHand: true, cpus: { rt: [4], housekeeping: [0] } },
    ["refusal tuning.no-such-cpu rtCpus"],
  ],
  [
    "by hand, a housekeeping CPU that the guest lacks",
    { byHand: true, cpus: { rt: [1], housekeeping: [0, 9] } },
    ["refusal tuning.no-such-cpu housekeepingCpus"],
  ],
  ["by a partition, a CPU that does not run yet", { cpus: { rt: [4], housekeeping: [0] } }, []],
  [
    "by hand, where nobody knows the CPUs",
    { byHand: true, cpus: { rt: [4], housekeeping: [0] }, guest: { cpus: unknown("a folder") } },
    [],
  ],

  // what the lists on the line come to
  ["isolcpus of all CPUs", { line: "isolcpus=0-3" }, ["refusal tuning.housekeeping kernelArgs.isolcpus"]],
  [
    "isolcpus with flags, of all CPUs",
    { line: "isolcpus=nohz,domain,0,1-3" },
    ["refusal tuning.housekeeping kernelArgs.isolcpus"],
  ],
  ["isolcpus of more than all", { line: "isolcpus=0-63" }, ["refusal tuning.housekeeping kernelArgs.isolcpus"]],
  ["nohz_full of all CPUs", { line: "nohz_full=0-3" }, ["refusal tuning.housekeeping kernelArgs.nohz_full"]],
  ["a range up to N", { line: "isolcpus=4-N" }, ["refusal tuning.cpu-list-range kernelArgs.isolcpus"]],
  [
    "a range up to N behind flags",
    { line: "isolcpus=domain,1-N" },
    ["refusal tuning.cpu-list-range kernelArgs.isolcpus"],
  ],
  ["all", { line: "nohz_full=all" }, ["refusal tuning.cpu-list-range kernelArgs.nohz_full"]],
  ["a pattern", { line: "rcu_nocbs=0-3:1/2" }, ["refusal tuning.cpu-list-range kernelArgs.rcu_nocbs"]],
  ["flags without CPUs", { line: "isolcpus=nohz,domain," }, ["refusal tuning.cpu-list-range kernelArgs.isolcpus"]],
  ["a list of nothing", { line: "isolcpus" }, ["refusal tuning.cpu-list-range kernelArgs.isolcpus"]],
  ["all callbacks elsewhere", { line: "rcu_nocbs rcu_nocbs=0-3 irqaffinity=0-3" }, []],
  [
    "each of two isolcpus counts",
    { line: "isolcpus=1 isolcpus=0-3" },
    ["refusal tuning.housekeeping kernelArgs.isolcpus"],
  ],
  [
    "nohz_full and isolcpus that differ",
    { line: "isolcpus=nohz,domain,1-3 nohz_full=2-3" },
    ["refusal tuning.isolation-mismatch kernelArgs.nohz_full"],
  ],
  ["a second one of a kind is none", { line: "isolcpus=nohz,domain,1-3 nohz_full=1-3 nohz_full=2-3" }, []],
  [
    "where the guest's CPUs are not known, the lists stand for them",
    { line: "isolcpus=0-3", guest: { cpus: unknown("a folder") } },
    ["refusal tuning.housekeeping kernelArgs.isolcpus"],
  ],

  // flags
  ["flags that the kernel knows", { line: "isolcpus=managed_irq,nohz,domain,1-3" }, []],
  [
    "a flag that the kernel is too old for",
    { line: "isolcpus=managed_irq,nohz,domain,1-3", guest: { kernelRelease: known("5.4.239-rt-acrn") } },
    ["warning tuning.isolcpus-flags kernelArgs.isolcpus"],
  ],
  ["one just new enough", { line: "isolcpus=managed_irq,1-3", guest: { kernelRelease: known("5.6") } }, []],
  [
    "flags at all, too old",
    { line: "isolcpus=domain,1-3", guest: { kernelRelease: known("4.14.9") } },
    ["warning tuning.isolcpus-flags kernelArgs.isolcpus"],
  ],
  ["no flags, as old", { line: "isolcpus=1-3", guest: { kernelRelease: known("4.14.9") } }, []],
  ["a flag that nobody knows", { line: "isolcpus=domian,1-3" }, ["warning tuning.isolcpus-flags kernelArgs.isolcpus"]],
  [
    "flags, by a kernel that nobody knows",
    { line: "isolcpus=managed_irq,1", guest: { kernelRelease: unknown("off") } },
    [],
  ],
  [
    "flags, by a release that is none",
    { line: "isolcpus=managed_irq,1", guest: { kernelRelease: known("custom") } },
    [],
  ],

  // contradictions
  ["mce=off with mce=ignore_ce", { line: "mce=off mce=ignore_ce" }, ["refusal tuning.mce kernelArgs.mce"]],
  ["mce=ignore_ce alone", { line: "mce=ignore_ce" }, []],
  [
    "a knob that mce=off takes away",
    { line: "mce=off", knobs: { machinecheck_ignore_ce: "1" } },
    ["warning tuning.mce runtime.machinecheck_ignore_ce"],
  ],
  [
    "RT tasks that may take a CPU whole",
    { sysctls: { "kernel.sched_rt_runtime_us": "-1" } },
    ["refusal tuning.rt-monopoly sysctls.kernel.sched_rt_runtime_us"],
  ],
  [
    "the same, allowed",
    { sysctls: { "kernel.sched_rt_runtime_us": "-1" }, allowRtMonopoly: true },
    ["warning tuning.rt-monopoly sysctls.kernel.sched_rt_runtime_us"],
  ],
  ["a share of CPU time is fine", { sysctls: { "kernel.sched_rt_runtime_us": "980000" } }, []],
];

describe("rules of CPU lists, and what excludes what", () => {
  for (const [title, input, said] of rows)
    it(title, () => {
      const found = checkTuning(inputOf(input));
      assert.deepEqual(
        found.map(({ severity, code, property }) => `${severity} ${code} ${property}`),
        said,
      );
      assertSpoken(found);
    });
});
