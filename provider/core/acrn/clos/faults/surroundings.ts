import { formatMask, formatWays, overlap } from "../../../hardware/ways";
import { type CatCache, titleOf } from "../caches";
import type { ClosFault, Ground } from "./types";

/** ACRN has no control of what the GPU fills (T04, reference 7). */
export function gpuFaults({ effective, gpuWays }: Ground): ClosFault[] {
  return effective.rows
    .filter(({ vm, mask, cache }) => vm.realtime && mask !== undefined && overlap(mask, gpuWays(cache)) !== 0)
    .map((row) => {
      const gpu = gpuWays(row.cache);
      const message = `${row.vm.key} vCPU ${row.vcpu} on ${titleOf(row.cache)}: the GPU fills way ${formatWays(overlap(row.mask as number, gpu))} of its mask ${row.text} too`;
      const hint = `Keep the GPU's ways clear: gpuWays: "${formatMask(gpu)}", or "board".`;
      const at = { vm: row.vm.key, vcpu: row.vcpu, cache: titleOf(row.cache), masks: [row.text, formatMask(gpu)] };
      return { rule: "clos.gpu", severity: "warning", ...at, line: row.vm.line, message, hint };
    });
}

/** The one list for L3 caches is made by a search that may find one length only: with two it is an assertion (rdt: clos.py, get_node). */
export function boardFaults({ settings, caches, topology }: Ground): ClosFault[] {
  const at = { severity: "error", line: settings.line } as const;
  if (caches.length === 0) {
    if (!topology.cachesKnown && !topology.clos) return [];
    const message = "RDT is on, and no L2 or L3 of the board has CAT: ACRN ignores it";
    return [
      { ...at, rule: "clos.no-cat", message, hint: "Set RDT_ENABLED to n, or use a board that can divide its caches." },
    ];
  }
  const l3 = caches.filter((cache: CatCache) => cache.level === 3);
  if (settings.dialect === "2.x" || l3.length < 2) return [];
  const message = `${l3.map(titleOf).join(" and ")} both have CAT: ACRN's allocator stops at an assertion on such a board`;
  return [{ ...at, rule: "clos.several-l3", message, hint: "Leave RDT off on this board." }];
}

/** ACRN's validator refuses both together, where the host that builds has what it needs to validate at all [schema/checks/rdt_support.xsd]. */
export function cdpFaults({ settings }: Ground): ClosFault[] {
  if (!settings.cdp || !settings.vcat) return [];
  const message = "CDP_ENABLED and VCAT_ENABLED are both y, and ACRN takes only one of them";
  const hint = "Write n for one of them.";
  return [{ rule: "clos.vcat", severity: "error", line: settings.line, message, hint }];
}

/** Interrupts of a real-time VM without it exit to the hypervisor, which fills other ways (T03). */
export function lapicFaults({ settings, vms }: Ground): ClosFault[] {
  return vms
    .filter((vm) => vm.realtime && !vm.lapicPassthrough)
    .map((vm) => ({
      rule: "clos.lapic",
      severity: "error",
      vm: vm.key,
      line: vm.line,
      message: `the real-time VM ${vm.key} has no LAPIC passthrough`,
      hint:
        settings.dialect === "3.x"
          ? "Write <lapic_passthrough>y</lapic_passthrough>, or declare it as RtVm."
          : "Add the guest flag GUEST_FLAG_LAPIC_PASSTHROUGH, or declare it as RtVm.",
    }));
}
