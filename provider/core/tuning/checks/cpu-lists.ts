import { formatCpuList } from "../../hardware/cpu-set";
import type { CpuLists } from "../profiles/types";
import type { CheckInput, Finding, GuestFacts, Rule } from "./types";
import { finding } from "./words";

/** T10, T12: each list has a CPU, none is in both, CPU 0 keeps house, and lists by hand name CPUs that the guest has. */
export const cpuLists: Rule = (input) => [...empty(input), ...shared(input), ...bootCpu(input), ...lacking(input)];

/**
 * Why a tuning waits: its partition gives the guest more vCPUs than it runs with now, so the lists are right and the guest is not there yet.
 * Undefined: it does not wait. Lists by hand never wait: there the rule refuses.
 */
export function waitsForCpus(cpus: CpuLists, byHand: boolean, guest: Pick<GuestFacts, "cpus">): string | undefined {
  const missing = byHand ? [] : lackingOf(cpus, guest);
  if (missing.length === 0 || !guest.cpus.known) return undefined;
  return `the guest runs with CPU ${formatCpuList(guest.cpus.value)} and its partition also gives it CPU ${formatCpuList(missing)}: it is tuned once it has been started with all of them`;
}

function empty({ cpus }: CheckInput): Finding[] {
  const lists = [
    ["rtCpus", "RT", cpus.rt],
    ["housekeepingCpus", "housekeeping", cpus.housekeeping],
  ] as const;
  return lists
    .filter(([, , list]) => list.length === 0)
    .map(([property, what]) =>
      finding(
        "refusal",
        "tuning.cpu-lists",
        "T10",
        property,
        `the guest would have no ${what} CPU`,
        "Give it at least two vCPUs: CPU 0 keeps house, the others are real-time.",
      ),
    );
}

function shared({ cpus }: CheckInput): Finding[] {
  const both = cpus.rt.filter((id) => cpus.housekeeping.includes(id));
  if (both.length === 0) return [];
  const message = `CPU ${formatCpuList(both)} is in both lists`;
  return [finding("refusal", "tuning.cpu-lists", "T10", "rtCpus", message, "Take it out of one of them.")];
}

/** The boot CPU takes what has nowhere else to go: the kernel's timekeeping, interrupts that cannot move, ACPI. */
function bootCpu({ cpus }: CheckInput): Finding[] {
  if (!cpus.rt.includes(0)) return [];
  const message = "CPU 0 cannot be an RT CPU: the guest's kernel keeps time and takes interrupts on it";
  return [finding("refusal", "tuning.cpu0", "T10", "rtCpus", message, "Leave CPU 0 to housekeeping.")];
}

function lacking({ cpus, byHand, guest }: CheckInput): Finding[] {
  const missing = byHand ? lackingOf(cpus, guest) : [];
  if (missing.length === 0 || !guest.cpus.known) return [];
  const message = `the guest has no CPU ${formatCpuList(missing)}; it has ${formatCpuList(guest.cpus.value)}`;
  const property = missing.some((id) => cpus.rt.includes(id)) ? "rtCpus" : "housekeepingCpus";
  const hint = "Name vCPUs as the guest counts them (not pCPUs, not APIC ids), or give `partition` instead of lists.";
  return [finding("refusal", "tuning.no-such-cpu", "T10", property, message, hint)];
}

function lackingOf(cpus: CpuLists, { cpus: has }: Pick<GuestFacts, "cpus">): number[] {
  if (!has.known) return [];
  const { value } = has;
  return [...cpus.rt, ...cpus.housekeeping].filter((id) => !value.includes(id)).sort((a, b) => a - b);
}
