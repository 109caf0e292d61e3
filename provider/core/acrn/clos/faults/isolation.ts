import { dataCaches } from "../../../hardware/topology";
import { formatMask, formatWays, fullMask, overlap } from "../../../hardware/ways";
import { type CatCache, titleOf } from "../caches";
import type { Effective } from "../effective";
import type { ClosVm } from "../types";
import type { ClosFault, Ground } from "./types";

/** Ways of a real-time VM that somebody else fills, whatever the file says: by the masks that really run. */
export function overlapFaults({ effective, caches }: Ground): ClosFault[] {
  const { rows } = effective;
  const by = new Map<CatCache, Effective[]>(caches.map((cache) => [cache, []]));
  for (const row of rows) by.get(row.cache)?.push(row);
  const meetings = [...by.values()].flatMap(meetingsOn);
  if (meetings.length === 0) return [];
  const disturbed = new Set(meetings.flatMap(({ mine, other }) => [mine, other]).map(spot));
  // Ways of its own somewhere: then it is a choice to be with others elsewhere. A whole cache that nobody else fills is none.
  const own = (vm: ClosVm) =>
    rows.some((row) => row.vm === vm && row.mask !== fullMask(row.cache.cat.maskLength) && !disturbed.has(spot(row)));
  return meetings.map(({ mine, other }) => meetingFault(mine, other, own(mine.vm)));
}

/**
 * The Service VM's vCPU on a pCPU of a post-launched real-time VM: the launch takes that CPU from it, so the two never
 * run side by side (reference 1.5).
 */
export function ghosts(vms: readonly ClosVm[]): (vm: ClosVm, pcpu: number) => boolean {
  const taken = new Set(vms.flatMap((vm) => (vm.realtime && vm.load === "post-launched" ? vm.pcpus : [])));
  return (vm, pcpu) => vm.load === "service" && taken.has(pcpu);
}

/** Never beside *that* VM; beside another real-time VM it runs until its own core is taken. */
const apart = (mine: ClosVm, other: Effective): boolean =>
  other.vm.load === "service" && mine.load === "post-launched" && mine.pcpus.includes(other.pcpu);

interface Meeting {
  mine: Effective;
  other: Effective;
}

/** vCPUs of a VM with one mask on a cache are in the same position there. */
const spot = ({ vm, cache, mask }: Effective) => `${vm.key}\n${cache.level} ${cache.id}\n${mask}`;

/** Once for each real-time VM, other VM, and masks of both. */
function meetingsOn(all: readonly Effective[]): Meeting[] {
  const spots = new Map<string, Effective[]>();
  for (const row of all) spots.set(spot(row), [...(spots.get(spot(row)) ?? []), row]);
  const rows = [...spots.values()].map(([first]) => first as Effective);
  return rows
    .filter(({ vm }) => vm.realtime)
    .flatMap((mine) =>
      [...spots.values()].flatMap((same): Meeting[] => {
        const other = same.find((row) => !apart(mine.vm, row));
        if (!other || other.vm === mine.vm || (other.vm.realtime && other.vm.key < mine.vm.key)) return [];
        if (mine.mask === undefined || other.mask === undefined || overlap(mine.mask, other.mask) === 0) return [];
        return [{ mine, other }];
      }),
    );
}

/** Equal masks are one class, which may be meant; masks that partly meet never are. */
function meetingFault(mine: Effective, other: Effective, own: boolean): ClosFault {
  const cache = titleOf(mine.cache);
  const shared = overlap(mine.mask as number, other.mask as number);
  const meant = mine.mask === other.mask && (other.vm.realtime || own);
  const both = `${mine.vm.key} vCPU ${mine.vcpu} (${mine.text}) and ${other.vm.key} vCPU ${other.vcpu} (${other.text})`;
  const message = `${both} both fill way ${formatWays(shared)} of ${cache}${meant ? ": they share a class" : ""}`;
  const hint = meant
    ? "Leave it so if this vCPU does no real-time work; else give it ways of its own."
    : "Give the real-time VM ways that no other mask has.";
  return {
    rule: meant ? "clos.shared" : "clos.overlap",
    severity: meant ? "warning" : "error",
    vm: mine.vm.key,
    vcpu: mine.vcpu,
    cache,
    masks: [mine.text, other.text],
    line: mine.vm.line,
    message,
    hint,
  };
}

/** To divide the L3 helps nobody whose L2 a stranger fills (reference 7); where the L2 has CAT, its masks are looked at. */
export function sharedL2Faults({ topology, vms, effective }: Ground): ClosFault[] {
  const plain = dataCaches(topology, 2).filter((cache) => !cache.cat);
  const isGhost = ghosts(vms);
  const cut = effective.rows.filter(
    ({ vm, cache, mask }) => vm.realtime && cache.level === 3 && mask !== fullMask(cache.cat.maskLength),
  );
  if (plain.length === 0) return [];
  return cut.flatMap((row): ClosFault[] => {
    const l2 = plain.find((cache) => cache.pcpus.includes(row.pcpu));
    const stranger = vms.find(
      (vm) => vm !== row.vm && vm.pcpus.some((pcpu) => l2?.pcpus.includes(pcpu) && !isGhost(vm, pcpu)),
    );
    if (!l2 || !stranger) return [];
    const message = `${row.vm.key} vCPU ${row.vcpu} has ways of its own in ${titleOf(row.cache)} (${row.text}), and shares ${titleOf(l2)}, which has no CAT, with ${stranger.key}`;
    const hint = `Give ${row.vm.key} whole L2 caches (CorePartition), or leave its L3 undivided.`;
    const at = { vm: row.vm.key, vcpu: row.vcpu, cache: titleOf(l2), masks: [row.text], line: row.vm.line };
    return [{ rule: "clos.l2-shared", severity: "error", ...at, message, hint }];
  });
}

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
