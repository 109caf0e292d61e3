import { parseCpuList } from "../../hardware/cpu-set";

/** Parameters whose value is a CPU list, or flags and a CPU list. */
export const LIST_ARGUMENTS = ["isolcpus", "nohz_full", "rcu_nocbs", "irqaffinity", "kthread_cpus"] as const;

export interface CpuListArgument {
  flags: string[];
  /** What stands behind the flags. */
  list: string;
  /** Undefined: the list says something that depends on the machine, or nothing. */
  cpus: number[] | undefined;
  /** Why there are none. */
  why?: string;
}

/** `nohz,domain,1-3`: flags are what starts with a letter and has a comma behind it [Linux kernel/sched/isolation.c housekeeping_isolcpus_setup]. */
export function readCpuListArgument(value: string): CpuListArgument {
  const flags: string[] = [];
  let list = value;
  for (let match = /^([A-Za-z][A-Za-z_]*),/.exec(list); match; match = /^([A-Za-z][A-Za-z_]*),/.exec(list)) {
    // `all` and `N` are words of CPU lists (lib/bitmap-str.c), not flags; the kernel takes them for unknown ones
    flags.push(match[1] as string);
    list = list.slice(match[0].length);
  }
  try {
    const cpus = parseCpuList(list);
    return cpus.length > 0 ? { flags, list, cpus } : { flags, list, cpus: undefined, why: "it names no CPU" };
  } catch {
    return { flags, list, cpus: undefined, why: shorthand(list) ?? "it is no list of CPUs" };
  }
}

/** `N` (the last CPU), `all`, and patterns such as `0-15:2/4` [Linux Documentation/admin-guide/kernel-parameters.rst, "cpu lists"]. */
function shorthand(list: string): string | undefined {
  if (/(?:^|[,-])(?:N|all)(?:$|[,:-])/i.test(list)) return "`N` and `all` stand for whatever CPUs the machine has";
  return list.includes(":") ? "a pattern hides which CPUs it means" : undefined;
}
