import { dataCaches } from "../../../hardware/topology";
import type { Cache } from "../../../hardware/types";
import { formatMask, formatWays, fullMask, overlap, union } from "../../../hardware/ways";
import { titleOf } from "../caches";
import type { Effective } from "../effective";
import type { ClosVm } from "../types";
import { ghosts } from "./isolation";
import type { ClosFault, Ground } from "./types";

/** What one vCPU fills of the L3 and of its L2, code and data together. */
interface Filled {
  vm: ClosVm;
  vcpu: number;
  pcpu: number;
  l3: number;
  /** All of an L2 without CAT. */
  l2: number;
}

/** To divide the L3 helps nobody whose L2 a stranger fills in the same ways, or whole where it has no CAT (reference 7). */
export function sharedL2Faults({ topology, vms, effective }: Ground): ClosFault[] {
  const l3 = filled(effective.rows, 3);
  if (l3.size === 0) return [];
  const isGhost = ghosts(vms);
  const owns = ownersOf([...l3.values()].filter(({ row }) => !isGhost(row.vm, row.pcpu)));
  const l2 = filled(effective.rows, 2);
  return dataCaches(topology, 2).flatMap((cache) => {
    const here = [...l3].flatMap(([at, { row, mask }]): Filled[] => {
      const { vm, vcpu, pcpu } = row;
      if (!cache.pcpus.includes(pcpu)) return [];
      return [{ vm, vcpu, pcpu, l3: mask, l2: cache.cat ? (l2.get(at)?.mask ?? 0) : fullMask(32) }];
    });
    return here.filter(owns).flatMap((mine) => {
      const stranger = here.find((other) => !isGhost(other.vm, other.pcpu) && apartInL3Alone(mine, other));
      return stranger ? [faultOf(cache, mine, stranger)] : [];
    });
  });
}

/** By vCPU; a mask that is none is told by another rule. */
function filled(rows: readonly Effective[], level: number): Map<string, { row: Effective; mask: number }> {
  const out = new Map<string, { row: Effective; mask: number }>();
  for (const row of rows) {
    if (row.cache.level !== level || row.mask === undefined) continue;
    const at = `${row.vm.key}\n${row.vcpu}`;
    out.set(at, { row, mask: union([row.mask, out.get(at)?.mask ?? 0]) });
  }
  return out;
}

/** Real-time VMs whose ways of the L3 nobody else has but who is in the same class. */
function ownersOf(l3: readonly { row: Effective; mask: number }[]): (mine: Filled) => boolean {
  const kinds = new Map(l3.map(({ row: { vm }, mask }) => [`${vm.key}\n${mask}`, { vm, mask }] as const));
  const all = [...kinds.values()];
  const own = all.filter(
    (mine) =>
      mine.vm.realtime &&
      all.every(
        ({ vm, mask }) => vm === mine.vm || overlap(mask, mine.mask) === 0 || (vm.realtime && mask === mine.mask),
      ),
  );
  const found = new Set(own.map(({ vm, mask }) => `${vm.key}\n${mask}`));
  return ({ vm, l3: mask }) => found.has(`${vm.key}\n${mask}`);
}

/** Members of one class fill the same ways of both: they are no strangers. */
function apartInL3Alone(mine: Filled, other: Filled): boolean {
  return mine.vm !== other.vm && overlap(mine.l3, other.l3) === 0 && overlap(mine.l2, other.l2) !== 0;
}

function faultOf(cache: Cache, mine: Filled, other: Filled): ClosFault {
  const vm = mine.vm.key;
  const own = `${vm} vCPU ${mine.vcpu} has ways of its own in the L3 (${formatMask(mine.l3)})`;
  const at = { rule: "clos.l2-shared", severity: "error", vm, vcpu: mine.vcpu, cache: titleOf(cache) } as const;
  if (!cache.cat) {
    const message = `${own}, and shares ${titleOf(cache)}, which has no CAT, with ${other.vm.key}`;
    const hint = `Give ${vm} whole L2 caches (CorePartition), or leave its L3 undivided.`;
    return { ...at, masks: [formatMask(mine.l3)], line: mine.vm.line, message, hint };
  }
  const both = formatWays(overlap(mine.l2, other.l2));
  const message = `${own}, and fills way ${both} of ${titleOf(cache)} (${formatMask(mine.l2)}) together with ${other.vm.key} (${formatMask(other.l2)})`;
  const hint = `Give ${vm} ways of its own in ${titleOf(cache)} too, or whole L2 caches (CorePartition).`;
  return { ...at, masks: [formatMask(mine.l2), formatMask(other.l2)], line: mine.vm.line, message, hint };
}
