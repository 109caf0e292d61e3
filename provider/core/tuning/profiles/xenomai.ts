import type { Profile } from "./types";

const SAMPLE = "ACRN's sample configuration of a Xenomai VM";

/** T23: "The tips for preempt-RT Linux are mostly applicable to the Linux-based RTOS as well, such as Xenomai." */
export const xenomai: Profile = {
  name: "xenomai",
  base: "acrn-tips",
  summary: "the tips for a guest whose RT tasks run on Xenomai's own core",
  differences: [
    "xenomai.supported_cpus: the Cobalt core schedules on the RT CPUs alone; Linux's isolcpus says nothing to it.",
    "irqaffinity: Linux's interrupts go to the housekeeping CPUs, as in ACRN's sample; Cobalt's own are not Linux's to place.",
    "kernel.timer_migration stays 0 for Linux's timers; those of Cobalt threads never move.",
    "kernel.sched_rt_runtime_us (T20) does not throttle Cobalt threads: leave it as it is.",
    "A kernel without PREEMPT_RT is what Xenomai runs on, and is not warned about.",
    "nohz_full is left out: Cobalt takes the timer from Linux whether it ticks or not.",
  ],
  entries: [
    {
      what: "kernelArg",
      key: "xenomai.supported_cpus",
      value: "{rtBits}",
      reason: "Cobalt schedules its threads on the RT CPUs alone",
      source: `${SAMPLE}; Xenomai kernel/cobalt/init.c supported_cpus (one unsigned long of bits)`,
      tip: "T23",
    },
    {
      what: "kernelArg",
      key: "irqaffinity",
      value: "{housekeeping}",
      reason: "Linux's interrupts go to the housekeeping CPUs",
      source: SAMPLE,
      tip: "T23",
    },
  ],
};
