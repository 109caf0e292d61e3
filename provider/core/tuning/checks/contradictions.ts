import type { Rule } from "./types";
import { finding, valuesOf } from "./words";

/** T18 against `mce=ignore_ce`: two different wishes; with the first nothing is left for the second to ignore [Linux arch/x86/kernel/cpu/mce/core.c]. */
export const mce: Rule = ({ line, knobs }) => {
  const words = valuesOf(line, "mce").flatMap((value) => value.split(","));
  const off = words.includes("off");
  const code = "tuning.mce";
  if (off && words.includes("ignore_ce")) {
    const message = "mce=off and mce=ignore_ce exclude each other";
    const hint = 'Keep one: mce=off (T18), or kernelArgs: { mce: "ignore_ce" } instead of it.';
    return [finding("refusal", code, "T18", "kernelArgs.mce", message, hint)];
  }
  if (!off || !knobs.has("machinecheck_ignore_ce")) return [];
  const message =
    "machinecheck_ignore_ce has nothing to set under mce=off: the kernel then makes no machinecheck devices";
  return [finding("warning", code, "T18", "runtime.machinecheck_ignore_ce", message, "Leave the knob out.")];
};

/** T20: -1 takes the last share of CPU time away from everything that is not real-time, the kernel's own work on that CPU included. */
export const rtMonopoly: Rule = ({ sysctls, allowRtMonopoly }) => {
  if (sysctls.get("kernel.sched_rt_runtime_us")?.trim() !== "-1") return [];
  const message =
    "kernel.sched_rt_runtime_us = -1 lets an RT task take a CPU whole: what it keeps waiting (nohz, RCU, the console) can lock the guest up";
  const hint = allowRtMonopoly
    ? "Make sure that every RT task sleeps now and then."
    : "Leave it at 950000, or say allowRtMonopoly: true if every RT task sleeps now and then.";
  return [
    finding(
      allowRtMonopoly ? "warning" : "refusal",
      "tuning.rt-monopoly",
      "T20",
      "sysctls.kernel.sched_rt_runtime_us",
      message,
      hint,
    ),
  ];
};
