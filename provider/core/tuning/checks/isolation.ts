import { formatCpuList } from "../../hardware/cpu-set";
import { LIST_ARGUMENTS, readCpuListArgument } from "./cpu-list-argument";
import type { CheckInput, Finding, Rule } from "./types";
import { finding, valuesOf } from "./words";

/** T10, T12: what the CPU lists on the line come to, whoever wrote them. */
export const isolation: Rule = (input) => [
  ...LIST_ARGUMENTS.flatMap((key) => valuesOf(input.line, key).flatMap((value) => oneList(input, key, value))),
  ...mismatch(input),
];

const property = (key: string): string => `kernelArgs.${key}`;

function oneList(input: CheckInput, key: string, value: string): Finding[] {
  const { cpus, list, why } = readCpuListArgument(value);
  // `rcu_nocbs` alone means all CPUs, which is what it says (Linux kernel-parameters.txt)
  if (key === "rcu_nocbs" && value === "") return [];
  if (!cpus) {
    const message = `${key}=${value}: ${JSON.stringify(list)} cannot be told: ${why}`;
    return [
      finding(
        "refusal",
        "tuning.cpu-list-range",
        "T10",
        property(key),
        message,
        `Write out the CPUs: ${example(input)}.`,
      ),
    ];
  }
  const all = guestCpus(input);
  const left = all.filter((id) => !cpus.includes(id));
  if (!["isolcpus", "nohz_full"].includes(key) || left.length > 0 || all.length === 0) return [];
  const message = `${key}=${value} leaves no housekeeping CPU: the guest has ${formatCpuList(all)}`;
  return [
    finding("refusal", "tuning.housekeeping", "T10", property(key), message, `Leave CPU 0 out: ${example(input)}.`),
  ];
}

/** "Housekeeping: nohz_full= must match isolcpus=": the kernel then drops the later of both, as it drops a second one of a kind [Linux kernel/sched/isolation.c housekeeping_setup]. */
function mismatch({ line }: CheckInput): Finding[] {
  const full = valuesOf(line, "nohz_full")[0];
  const isolated = valuesOf(line, "isolcpus")[0];
  if (full === undefined || isolated === undefined) return [];
  const [a, b] = [readCpuListArgument(full), readCpuListArgument(isolated)];
  if (!a.cpus || !b.cpus || formatCpuList(a.cpus) === formatCpuList(b.cpus)) return [];
  const message = `nohz_full=${full} and isolcpus=${isolated} name different CPUs, and the kernel then takes only the first of them`;
  return [
    finding("refusal", "tuning.isolation-mismatch", "T10", "kernelArgs.nohz_full", message, "Give both the RT CPUs."),
  ];
}

function guestCpus({ cpus, guest }: CheckInput): number[] {
  return guest.cpus.known ? [...guest.cpus.value] : [...cpus.rt, ...cpus.housekeeping];
}

function example({ cpus }: CheckInput): string {
  return `"${cpus.rt.length > 0 ? formatCpuList(cpus.rt) : "1"}"`;
}
