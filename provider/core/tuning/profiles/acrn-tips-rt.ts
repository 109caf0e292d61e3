import type { Profile } from "./types";

const TUNED_RT = "TuneD profiles/realtime/tuned.conf";
const TUNED_LATENCY = "TuneD profiles/network-latency/tuned.conf";
const OPENSHIFT = "OpenShift PerformanceProfile (cluster-node-tuning-operator, openshift-node-performance)";
const KERNEL = "Linux Documentation/admin-guide/kernel-parameters.txt";
const SAMPLE = "ACRN sample configurations and guides (rt_industry_ubuntu.rst, setup_rt_vm.sh)";

/** The rows that are widely agreed on: (+) in the table of tips. */
export const acrnTipsRt: Profile = {
  name: "acrn-tips+rt",
  base: "acrn-tips",
  summary: "the tips, and what realtime profiles of others agree on",
  differences: ["isolcpus also keeps managed interrupts away (Linux 5.6; an older kernel ignores the whole argument)."],
  entries: [
    {
      what: "kernelArg",
      key: "isolcpus",
      value: "managed_irq,nohz,domain,{rt}",
      reason: "as T10, and interrupts whose CPUs the kernel chooses stay off the RT CPUs where they can",
      source: `${OPENSHIFT}; ${KERNEL}`,
      tip: "T10",
    },
    {
      what: "kernelArg",
      key: "nohz_full",
      value: "{rt}",
      reason:
        "no tick on an RT CPU that runs one task; the same CPUs as isolcpus, else the kernel takes only one of both",
      source: `${OPENSHIFT}; Linux kernel/sched/isolation.c`,
    },
    {
      what: "kernelArg",
      key: "irqaffinity",
      value: "{housekeeping}",
      reason: "interrupts go to the housekeeping CPUs from the start",
      source: `${SAMPLE}; ${KERNEL}`,
    },
    {
      what: "kernelArg",
      key: "skew_tick",
      value: "1",
      reason: "CPUs do not take their ticks at the same moment, so they do not wait for each other's locks",
      source: `${TUNED_LATENCY}; ${OPENSHIFT}`,
    },
    {
      what: "kernelArg",
      key: "tsc",
      value: "reliable",
      reason: "no watchdog that compares the TSC on all CPUs twice a second",
      source: `${TUNED_LATENCY}; ${SAMPLE}`,
    },
    {
      what: "kernelArg",
      key: "clocksource",
      value: "tsc",
      reason: "reading the time costs no exit; HPET and the ACPI timer cost one each",
      source: SAMPLE,
    },
    {
      what: "kernelArg",
      key: "nosoftlockup",
      value: true,
      reason: "no detector that takes a busy RT task for a lockup",
      source: `${TUNED_RT}; ${SAMPLE}`,
    },
    {
      what: "kernelArg",
      key: "nmi_watchdog",
      value: "0",
      reason: "no NMI from a performance counter; ACRN needs NMIs for itself",
      source: OPENSHIFT,
    },
    {
      what: "sysctl",
      key: "vm.stat_interval",
      value: "10",
      reason: "memory statistics are folded together every ten seconds, not every one, on each CPU",
      source: TUNED_LATENCY,
    },
    {
      what: "sysctl",
      key: "kernel.nmi_watchdog",
      value: "0",
      reason: "as nmi_watchdog=0, for a kernel that runs already",
      source: TUNED_LATENCY,
      ifThere: "kernels without CONFIG_HARDLOCKUP_DETECTOR have none",
    },
    {
      what: "sysctl",
      key: "kernel.numa_balancing",
      value: "0",
      reason: "no page faults made on purpose to see who uses a page",
      source: TUNED_LATENCY,
      ifThere: "PREEMPT_RT kernels have none",
    },
    {
      what: "service",
      key: "irqbalance.service",
      value: "masked",
      reason: "it would move interrupts back to the RT CPUs",
      source: `${SAMPLE}; TuneD bans the isolated CPUs instead ([irqbalance] banned_cpus)`,
      ifThere: "where it was added",
    },
    {
      what: "runtime",
      key: "transparent_hugepage",
      value: "never",
      reason: "no merging of pages under a running task, and no fault that takes a 2 MB page to clear",
      source: TUNED_LATENCY,
      ifThere: "kernels without CONFIG_TRANSPARENT_HUGEPAGE, and most PREEMPT_RT kernels, have none",
    },
    {
      what: "runtime",
      key: "workqueue_cpumask",
      value: "{housekeepingMask}",
      reason: "work that may run anywhere runs on the housekeeping CPUs",
      source: TUNED_RT,
      ifThere: "Linux 4.2 and later",
    },
    {
      what: "runtime",
      key: "writeback_cpumask",
      value: "{housekeepingMask}",
      reason: "dirty pages are written back by the housekeeping CPUs",
      source: TUNED_RT,
      ifThere: "kernels that show the writeback workqueue in sysfs",
    },
  ],
};
