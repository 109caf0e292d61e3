import type { Entry, Offer } from "./types";

const KERNEL = "Linux Documentation/admin-guide/kernel-parameters.txt";
const TUNED_LATENCY = "TuneD profiles/network-latency/tuned.conf";
const OPENSHIFT = "OpenShift PerformanceProfile (cluster-node-tuning-operator)";
const SAMPLE = "ACRN sample configurations and guides (rt_industry_ubuntu.rst, setup_rt_vm.sh)";
/** Without one page to point at. */
const STATE_OF_ART = "SEAPATH and Intel ECI, as their images and guides set it";

type Row = [key: string, value: string | true, reason: string, source: string];

const rows = (what: Entry["what"], standing: Offer["standing"], list: readonly Row[]): Offer[] =>
  list.map(([key, value, reason, source]) => ({ what, key, value, reason, source, standing }));

/** What may be asked for by an override, or taken into a profile of one's own; no profile of ours has it. */
export const OFFERED: readonly Offer[] = [
  ...rows("kernelArg", "contested", [
    [
      "rcupdate.rcu_normal_after_boot",
      "1",
      "no expedited grace periods, whose IPIs reach every CPU; PREEMPT_RT kernels do so by themselves",
      TUNED_LATENCY,
    ],
    ["mce", "ignore_ce", "only corrected errors are left unseen; excludes the tips' mce=off (T18)", SAMPLE],
    ["kthread_cpus", "{housekeeping}", "kernel threads start on these CPUs; not in the mainline kernel", STATE_OF_ART],
    ["threadirqs", true, "interrupt handlers become threads with a priority; PREEMPT_RT kernels do so anyway", KERNEL],
  ]),
  ...rows("kernelArg", "optional", [
    ["rcutree.kthread_prio", "11", "RCU's threads are not starved by RT tasks of lower priority", OPENSHIFT],
    ["no_ipi_broadcast", "1", "no IPI to all CPUs at once; of ACRN's own kernel, ignored by others", SAMPLE],
    ["x2apic_phys", true, "IPIs name one CPU each, as in x2APIC's physical mode", SAMPLE],
    ["nohpet", true, "no HPET, which the device model emulates", SAMPLE],
    ["no_timer_check", true, "no check of the emulated timer at boot", SAMPLE],
    ["audit", "0", "no audit records", SAMPLE],
    ["cpufreq.default_governor", "performance", "no change of frequency, where a driver is left", KERNEL],
  ]),
  ...rows("sysctl", "contested", [
    [
      "kernel.sched_rt_runtime_us",
      "-1",
      "RT tasks may take a CPU whole, and may lock the guest up (T20): refused without allowRtMonopoly",
      "TuneD profiles/realtime/tuned.conf",
    ],
  ]),
  ...rows("sysctl", "optional", [
    ["kernel.hung_task_timeout_secs", "600", "the check for hung tasks comes more rarely", TUNED_LATENCY],
    ["vm.swappiness", "10", "pages of tasks are swapped out later", "TuneD profiles/throughput-performance/tuned.conf"],
    ["kernel.printk", "3 1 1 7", "only errors reach the console", STATE_OF_ART],
  ]),
  ...rows("service", "optional", [
    ["apt-daily.timer", "masked", "no package lists fetched in the middle of things", SAMPLE],
    ["apt-daily-upgrade.timer", "masked", "no upgrades in the middle of things", SAMPLE],
    ["unattended-upgrades.service", "masked", "no upgrades in the middle of things", SAMPLE],
    ["fwupd-refresh.timer", "masked", "asking firmware for its version can cause an SMI (T22)", STATE_OF_ART],
    ["systemd-timesyncd.service", "masked", "no steps of the clock", SAMPLE],
  ]),
  ...rows("runtime", "optional", [
    [
      "irq_affinity",
      "{housekeepingMask}",
      "interrupts that exist already move too (irqaffinity= places new ones)",
      SAMPLE,
    ],
    [
      "machinecheck_ignore_ce",
      "1",
      "no polling for corrected errors; without effect under mce=off, which leaves nothing to set",
      "TuneD profiles/realtime/tuned.conf",
    ],
  ]),
];
