import { dataCaches } from "../../../hardware/topology";
import { titleOf } from "../caches";
import type { Allocation, ClosVm, Policy } from "../types";
import type { ClosFault, Ground } from "./types";

/** Policies about what is not there: ACRN drops them without a word, and what they were to do is not done. */
export function nameFaults(ground: Ground): ClosFault[] {
  const { settings, vms } = ground;
  const byKey = new Map(vms.map((vm) => [vm.key, vm]));
  const seen = new Map<string, Policy>();
  return settings.allocations.flatMap((allocation, at) => [
    ...cacheFaults(ground, allocation, settings.allocations.slice(0, at)),
    ...allocation.policies.flatMap((policy) => {
      const found = policyFaults(ground, allocation, policy, byKey.get(policy.vm));
      const key = [allocation.level, allocation.id, policy.vm, policy.vcpu, policy.type].join("\n");
      const first = seen.get(key);
      if (first) return [...found, twice(allocation, policy, first)];
      seen.set(key, policy);
      return found;
    }),
  ]);
}

function cacheFaults(ground: Ground, allocation: Allocation, before: readonly Allocation[]): ClosFault[] {
  const { level, id, line } = allocation;
  const cache = titleOf(allocation);
  const same = (each: { level: number; id: string }) => each.level === level && each.id === id;
  const at = { severity: "error", cache, line } as const;
  const first = before.find(same);
  if (first) {
    const message = `${cache} has a second CACHE_ALLOCATION; the first is on line ${first.line}`;
    return [{ ...at, rule: "clos.duplicate-cache", message, hint: "Put all its policies into one." }];
  }
  if (ground.caches.some(same)) return [];
  const there = dataCaches(ground.topology, level).some(same);
  const message = there ? `${cache} has no CAT: its policies do nothing` : `the board has no cache ${cache}`;
  const all = ground.caches.map(titleOf).join(", ");
  const hint = `Caches with CAT, spelled as in the board file: ${all || "none"}.`;
  return [{ ...at, rule: "clos.unknown-cache", message, hint }];
}

function policyFaults(
  { settings, caches }: Ground,
  { level, id }: Allocation,
  { vm, vcpu, type, mask, line }: Policy,
  found: ClosVm | undefined,
): ClosFault[] {
  const cache = `L${level} ${id}`;
  const at = { severity: "error", vm, cache, masks: [mask], line } as const;
  if (!found) {
    const message = `a policy on ${cache} is for the VM ${JSON.stringify(vm)}, which the scenario lacks`;
    return [
      { ...at, rule: "clos.unknown-vm", message, hint: "Write the VM's name as it stands in <name>, without blanks." },
    ];
  }
  const number = /^(0|[1-9]\d{0,3})$/.test(vcpu) ? Number(vcpu) : undefined;
  if (number === undefined || number >= found.pcpus.length) {
    const message = `a policy on ${cache} is for vCPU ${JSON.stringify(vcpu)} of ${vm}, which has ${found.pcpus.length}`;
    return [{ ...at, rule: "clos.unknown-vcpu", message, hint: `vCPUs of ${vm} are 0 to ${found.pcpus.length - 1}.` }];
  }
  const out: ClosFault[] = [];
  if ((type === "Unified") === settings.cdp) {
    const needed = settings.cdp ? "Code and Data" : "Unified";
    const message = `${vm} vCPU ${vcpu} on ${cache}: a policy of type ${JSON.stringify(type)} is not found with CDP ${settings.cdp ? "on" : "off"}, and the vCPU gets CLOS 0`;
    out.push({
      ...at,
      vcpu: number,
      rule: "clos.type",
      message,
      hint: `Write the type ${needed}, or switch CDP ${settings.cdp ? "off" : "on"}.`,
    });
  }
  const here = caches.find((each) => each.level === level && each.id === id);
  const pcpu = found.pcpus[number] as number;
  // Harmless where no other cache of the level is its own: it is how a vCPU without any gets its id (reference 3, step 7).
  const own = caches.some((each) => each.level === level && each.pcpus.includes(pcpu));
  if (here && own && !here.pcpus.includes(pcpu)) {
    const message = `${vm} vCPU ${vcpu} runs on pCPU ${pcpu}, which does not fill ${cache}`;
    const hint = "Take the policy out: of several for a level ACRN takes the last.";
    out.push({ ...at, severity: "warning", vcpu: number, rule: "clos.foreign-cache", message, hint });
  }
  return out;
}

function twice(allocation: Allocation, { vm, vcpu, mask, line }: Policy, first: Policy): ClosFault {
  const cache = titleOf(allocation);
  const message = `${vm} vCPU ${vcpu} has two policies on ${cache}: ${first.mask} (line ${first.line}) and ${mask}; the last one counts`;
  const masks = [first.mask, mask];
  return { rule: "clos.duplicate", severity: "error", vm, cache, masks, line, message, hint: "Take one of them out." };
}
