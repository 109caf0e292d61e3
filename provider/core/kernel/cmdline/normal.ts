import { formatCpuList, parseCpuList } from "../../hardware/cpu-set";

/** Keys whose value is a CPU list [Documentation/admin-guide/kernel-parameters.txt, "cpu lists"]. */
const LISTS = new Set(["nohz_full", "rcu_nocbs", "irqaffinity", "kthread_cpus"]);

/** In the order of the manual. */
const FLAGS = ["nohz", "domain", "managed_irq"];

/** One spelling for values that mean the same; others stay as they are. */
export function normalText(key: string, text: string): string {
  if (key === "isolcpus") return normalIsolation(text);
  return LISTS.has(key) ? normalList(text) : text;
}

/** A list that only the kernel can tell (`N`, `all`, `1-8:2/4`) stays as it is written. */
function normalList(text: string): string {
  try {
    return formatCpuList(parseCpuList(text));
  } catch {
    return text;
  }
}

/** Flags come first, in any order, then the list [kernel/sched/isolation.c housekeeping_isolcpus_setup]. */
function normalIsolation(text: string): string {
  const parts = text.split(",");
  const cut = parts.findIndex((part) => !/^[A-Za-z]/.test(part));
  const flags = [...new Set(cut === -1 ? parts : parts.slice(0, cut))];
  // Not one list: its items are read by another place of the kernel.
  if (cut === -1) return text;
  const known = FLAGS.filter((flag) => flags.includes(flag));
  const others = flags.filter((flag) => !FLAGS.includes(flag)).sort();
  return [...known, ...others, normalList(parts.slice(cut).join(","))].join(",");
}
