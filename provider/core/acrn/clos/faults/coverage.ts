import type { Topology } from "../../../hardware/types";
import { parseMask } from "../../../hardware/ways";
import { type CatCache, closLimit, titleOf } from "../caches";
import type { Effective } from "../effective";
import type { Policy } from "../types";
import type { ClosFault, Ground } from "./types";

/** VMs and vCPUs that ACRN gives no class, or another one than their policy says. */
export function coverageFaults(ground: Ground): ClosFault[] {
  if (ground.settings.dialect === "2.x") return oldLists(ground);
  const policies = lastPolicies(ground);
  return [...withoutClos(ground), ...rowFaults(ground, policies), ...first(ground)];
}

const NAME_ALL = "Declare a CacheClos, which writes a POLICY for every vCPU of every VM on every such cache.";

/** [hypervisor/arch/x86/guest/vmsr.c prepare_auto_msr_area: vcpu_id % num_pclosids] */
function withoutClos({ effective }: Ground): ClosFault[] {
  return effective.without.map((vm) => ({
    rule: "clos.no-policy",
    severity: "error",
    vm: vm.key,
    line: vm.line,
    message: `${vm.key} has no POLICY while RDT is on: the hypervisor divides by zero when it makes its first vCPU`,
    hint: NAME_ALL,
  }));
}

/** By vCPU, cache and type; of several the last one, as ACRN takes it. */
function lastPolicies({ settings }: Ground): ReadonlyMap<string, Policy> {
  const all = settings.allocations.flatMap(({ level, id, policies }) =>
    policies.map((policy) => [[policy.vm, policy.vcpu, level, id, policy.type].join("\n"), policy] as const),
  );
  return new Map(all);
}

function rowFaults({ effective }: Ground, policies: ReadonlyMap<string, Policy>): ClosFault[] {
  return effective.rows.flatMap((row): ClosFault[] => {
    const { vm, vcpu, cache, type } = row;
    const policy = policies.get([vm.key, vcpu, cache.level, cache.id, type].join("\n"));
    const at = { severity: "error", vm: vm.key, vcpu, cache: titleOf(cache) } as const;
    const who = `${vm.key} vCPU ${vcpu} (pCPU ${row.pcpu})`;
    if (!policy) {
      const message = `${who} has no ${type} policy on ${titleOf(cache)}: it gets CLOS ${row.clos} and ${ways(row)} there`;
      return [{ ...at, rule: "clos.gap", masks: [row.text], line: vm.line, message, hint: NAME_ALL }];
    }
    if (row.mask === parseMask(policy.mask)) return [];
    const message = `${who} on ${titleOf(cache)}: the policy says ${policy.mask}, and ACRN gives it CLOS ${row.clos} with ${ways(row)}`;
    const hint =
      cache.level === 3
        ? "Put the allocation of the L3 before those of the L2 caches: when entries are merged a missing L3 mask is not filled in."
        : "Give every vCPU of the VM a policy on its own caches, in one CACHE_ALLOCATION each.";
    return [{ ...at, rule: "clos.lost", masks: [policy.mask, row.text], line: policy.line, message, hint }];
  });
}

function ways({ text, byDefault }: Effective): string {
  return byDefault ? `all ways (${text})` : text;
}

/** The hypervisor itself runs with CLOS 0, the first policy's (reference 3). */
function first({ settings, vms }: Ground): ClosFault[] {
  const policy = settings.allocations.flatMap(({ policies }) => policies)[0];
  const vm = policy && vms.find(({ key }) => key === policy.vm);
  if (!vm?.realtime || vms.every((each) => each.realtime)) return [];
  const message = `the first POLICY is one of the real-time VM ${vm.key}: the hypervisor itself runs with it (CLOS 0) on every core`;
  const hint = "Put a policy of a VM that is not real-time first.";
  return [
    {
      rule: "clos.first",
      severity: "error",
      vm: vm.key,
      masks: [policy?.mask ?? ""],
      line: policy?.line ?? 0,
      message,
      hint,
    },
  ];
}

/** 2.x: a list of ids a VM, an id a vCPU; where there is none it is 0 [v2.5 hypervisor/include/arch/x86/asm/vm_config.h]. */
function oldLists({ settings, vms }: Ground): ClosFault[] {
  const count = settings.cdp ? settings.masks.length >> 1 : settings.masks.length;
  return vms.flatMap((vm) =>
    vm.pcpus.flatMap((_, vcpu): ClosFault[] => {
      const said = vm.clos?.[vcpu];
      const at = { severity: "error", vm: vm.key, vcpu, line: said?.line ?? vm.line } as const;
      if (!said) {
        const message = `${vm.key} vCPU ${vcpu} has no vcpu_clos: it gets CLOS 0`;
        return [{ ...at, rule: "clos.gap", message, hint: "Write one <vcpu_clos> for each of its pCPUs." }];
      }
      if (/^\d+$/.test(said.text) && Number(said.text) < count) return [];
      const message = `${vm.key} vCPU ${vcpu} has CLOS ${said.text}, and there are ${count} of them (CLOS_MASK)`;
      return [{ ...at, rule: "clos.unknown-clos", message, hint: `CLOS ids are 0 to ${count - 1}.` }];
    }),
  );
}

/** Needed < the least clos_number, as ACRN's own rule has it; in 2.x as many masks as there are CLOS are allowed. */
export function countFaults({ settings, caches, effective, topology }: Ground): ClosFault[] {
  if (caches.length === 0) return [];
  const limit = settings.dialect === "2.x" ? oldLimit(caches, topology, settings.cdp) : closLimit(caches);
  const needed = effective.allocated?.needed ?? settings.masks.length;
  if (effective.allocated ? needed < limit : needed <= limit) return [];
  const message = `${needed} CLOS are needed, and the board allows ${effective.allocated ? limit - 1 : limit} on its least cache`;
  const hint = "Give vCPUs of one kind the same masks, in the same spelling, on every cache.";
  return [{ rule: "clos.count", severity: "error", line: settings.line, message, hint }];
}

/** How many masks there may be: with CDP a class takes two, which limits caches and not the bandwidth [v2.5 board_cfg_lib.py get_common_clos_max]. */
function oldLimit(caches: readonly CatCache[], { clos }: Topology, cdp: boolean): number {
  const each = cdp ? 2 : 1;
  const told = (clos?.max ?? []).map((max, at) => (clos?.resources[at] === "MBA" ? max : Math.floor(max / each)));
  return each * Math.min(Math.floor(closLimit(caches) / each), ...told);
}
