/** A file of sysfs or procfs that a running kernel forgets at the next boot. */
export interface Knob {
  name: string;
  /** Paths, as patterns of the shell: every one that is there is written. */
  paths: readonly string[];
  /** What may be written. `mask`: a CPU mask in the kernel's words. */
  takes: readonly string[] | "mask";
  /** How the file shows its value: the text itself, or the chosen one of several in brackets. */
  shows: "value" | "bracketed";
  /** A single file of several may refuse (an interrupt that cannot move): counted, not an error. */
  mayRefuse?: string;
  /** What a way back does not reach. */
  cannotUndo?: string;
  source: string;
}

export const KNOBS: readonly Knob[] = [
  {
    name: "transparent_hugepage",
    paths: ["/sys/kernel/mm/transparent_hugepage/enabled"],
    takes: ["always", "madvise", "never"],
    shows: "bracketed",
    cannotUndo: "pages that were merged before stay huge until they are freed",
    source: "Linux Documentation/admin-guide/mm/transhuge.rst",
  },
  {
    name: "workqueue_cpumask",
    paths: ["/sys/devices/virtual/workqueue/cpumask"],
    takes: "mask",
    shows: "value",
    source: "Linux Documentation/core-api/workqueue.rst; kernel/workqueue.c",
  },
  {
    name: "writeback_cpumask",
    // /sys/bus/workqueue/devices/writeback is a link to it
    paths: ["/sys/devices/virtual/workqueue/writeback/cpumask"],
    takes: "mask",
    shows: "value",
    source: "TuneD profiles/realtime/tuned.conf; Linux mm/backing-dev.c",
  },
  {
    name: "irq_affinity",
    paths: ["/proc/irq/default_smp_affinity", "/proc/irq/[0-9]*/smp_affinity"],
    takes: "mask",
    shows: "value",
    mayRefuse: "managed interrupts, and those of one CPU alone, cannot be moved (Linux kernel/irq/proc.c: EIO, EPERM)",
    cannotUndo:
      "interrupts have other numbers after each boot, so nobody can tell which had which CPUs before: the next boot places them anew",
    source: "Linux Documentation/core-api/irq/irq-affinity.rst",
  },
  {
    name: "machinecheck_ignore_ce",
    paths: ["/sys/devices/system/machinecheck/machinecheck[0-9]*/ignore_ce"],
    takes: ["0", "1"],
    shows: "value",
    source: "Linux Documentation/arch/x86/x86_64/machinecheck.rst",
  },
];

export function knobOf(name: string): Knob | undefined {
  return KNOBS.find((knob) => knob.name === name);
}
