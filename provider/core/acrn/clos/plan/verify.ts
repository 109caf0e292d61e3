import { union } from "../../../hardware/ways";
import type { CatCache } from "../caches";
import { type Effective, type EffectiveState, effectiveMasks } from "../effective";
import { closFaults } from "../faults";
import type { ClosSettings, ClosVm } from "../types";
import type { Divided } from "./divide";
import { gpuWaysOf } from "./gpu";
import type { ClosPlanInput, ClosRefusal, FormerAllocation } from "./types";

export interface Verified {
  closIds: Record<string, number[]>;
  refusals: ClosRefusal[];
  warnings: string[];
}

/** Asks ACRN's allocator, as we know it, what it will make of the allocations, and the rules what they say of that. */
export function verify(
  input: ClosPlanInput,
  divided: readonly Divided[],
  allocations: readonly FormerAllocation[],
): Verified {
  const { vms, topology, declaration } = input;
  const settings = settingsOf(allocations, declaration.cdp);
  const effective = effectiveMasks(settings, vms, topology);
  const isWrong = unlike(divided);
  const wrong = effective.rows.find(isWrong);
  // v3.0 has the vCPUs of a VM in another order as soon as one has two digits.
  const long = vms.some(({ pcpus }) => pcpus.length > 10);
  const old = long ? effectiveMasks(settings, vms, topology, "text").rows.find(isWrong) : undefined;
  // Less than the board tells is kept clear only as far as it was declared: the rest of the GPU's ways is still told of.
  const gpuWays = (cache: CatCache) => union([cache.gpuWays ?? 0, gpuWaysOf(declaration.gpuWays, cache)]);
  // What a VM itself is like is another resource's to say, and may not be in the file yet.
  const faults = closFaults(settings, vms, topology, { gpuWays, effective, scripts: input.scripts ?? [] }).filter(
    ({ rule }) => rule !== "clos.lapic",
  );
  const refusals = faults.filter(({ severity }) => severity === "error").map(refusalOf);
  if (wrong && refusals.length === 0) refusals.push(unfaithful(wrong.vm.key, wrong.vcpu));
  const warned = faults.filter(({ severity }) => severity === "warning");
  const warnings = warned.map(({ message, hint }) => `${message}. ${hint}`);
  return {
    closIds: closIdsOf(effective, vms),
    refusals,
    warnings: old ? [...warnings, sortedAsText(old.vm.key)] : warnings,
  };
}

/** Rows that are not as they were divided. */
function unlike(divided: readonly Divided[]): (row: Effective) => boolean {
  const place = (level: number, id: string, vm: string, vcpu: number) => [level, id, vm, vcpu].join("\n");
  const seats = new Map(
    divided.flatMap((on) =>
      on.seats.map((seat) => [place(on.cache.level, on.cache.id, seat.vm.key, seat.vcpu), { on, seat }] as const),
    ),
  );
  return ({ vm, vcpu, cache, type, mask }) => {
    const found = seats.get(place(cache.level, cache.id, vm.key, vcpu));
    return found?.on.maskOf(found.seat, type) !== mask;
  };
}

/** As the hypervisor takes them: `vcpu_clos[i % count]`. */
function closIdsOf({ allocated }: EffectiveState, vms: readonly ClosVm[]): Record<string, number[]> {
  return Object.fromEntries(
    vms.map(({ key, pcpus }) => {
      const ids = allocated?.closOf(key) ?? [];
      return [key, pcpus.map((_, vcpu) => ids[vcpu % ids.length] ?? 0)];
    }),
  );
}

function settingsOf(allocations: readonly FormerAllocation[], cdp: boolean): ClosSettings {
  return {
    dialect: "3.x",
    rdt: true,
    cdp,
    vcat: false,
    line: 0,
    allocations: allocations.map(({ level, id, policies }) => ({
      level,
      id,
      line: 0,
      policies: policies.map((policy) => ({ ...policy, line: 0 })),
    })),
    masks: [],
    delays: [],
  };
}

function refusalOf({
  rule,
  vm,
  message,
  hint,
}: {
  rule: string;
  vm?: string;
  message: string;
  hint: string;
}): ClosRefusal {
  const property = "classes";
  const more = vm !== undefined && rule === "clos.overlap" ? `${hint} A class of its own does that.` : hint;
  return { code: rule, property, message, hint: more };
}

function unfaithful(vm: string, vcpu: number): ClosRefusal {
  return {
    code: "clos.unfaithful",
    property: "classes",
    message: `ACRN's allocator would give vCPU ${vcpu} of ${vm} other ways than declared, in any order of policies that is known`,
    hint: "Give the classes shares on the same levels, and report this declaration with its board file.",
  };
}

function sortedAsText(vm: string): string {
  return `${vm} has more than ten vCPUs in different classes, and ACRN v3.0 gives them each other's (it sorts their numbers as text). Use v3.1 or newer.`;
}
