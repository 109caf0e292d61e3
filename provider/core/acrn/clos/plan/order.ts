import { formatMask } from "../../../hardware/ways";
import type { ClosVm } from "../types";
import type { Divided } from "./divide";
import type { Seat } from "./seats";
import type { FormerAllocation } from "./types";

type Row = FormerAllocation["policies"][number];

/**
 * The allocations in the order that makes ACRN's allocator give what is meant: the L3 first, so that no entry without a
 * mask for it is there when one with such a mask comes (reference 3, step 4); and in each the rest first, so that CLOS 0,
 * which the hypervisor itself runs with, is the rest's.
 */
export function ordered(divided: readonly Divided[], vms: readonly ClosVm[], cdp: boolean): FormerAllocation[] {
  const sorted = divided.filter(({ seats }) => seats.length > 0).sort(before);
  const allocations = sorted.map((each): FormerAllocation => {
    const { level, id } = each.cache;
    return { level, id, policies: [...each.seats].sort(bySeat).flatMap((seat) => rows(each, seat, cdp)) };
  });
  return headed(allocations, sorted, vms, cdp);
}

function before(a: Divided, b: Divided): number {
  const leads = (each: Divided) => Math.min(...each.seats.map(rank));
  return b.cache.level - a.cache.level || leads(a) - leads(b) || byId(a.cache.id, b.cache.id);
}

function byId(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : 1);
}

function rank({ vm, own }: Seat): number {
  return (vm.realtime ? 2 : 0) + (own === undefined ? 0 : 1);
}

function bySeat(a: Seat, b: Seat): number {
  return rank(a) - rank(b) || (a.vm.key === b.vm.key ? a.vcpu - b.vcpu : a.vm.key < b.vm.key ? -1 : 1);
}

function rows(each: Divided, seat: Seat, cdp: boolean): Row[] {
  const types = cdp ? ["Code", "Data"] : ["Unified"];
  return types.map((type) => row(seat, type, each.maskOf(seat, type)));
}

function row({ vm, vcpu }: Seat, type: string, mask: number): Row {
  return { vm: vm.key, vcpu: String(vcpu), type, mask: formatMask(mask) };
}

/**
 * Seats on the first allocation for vCPUs that its cache does not serve: one that no CAT cache covers, because without a
 * policy of each the ids slip, and a VM without any makes the hypervisor divide by zero (reference 3, steps 7 and 8); and
 * somebody else's to lead where only real-time VMs are on that cache. The mask there is the rest's, and counts for nobody.
 */
function headed(
  allocations: FormerAllocation[],
  sorted: readonly Divided[],
  vms: readonly ClosVm[],
  cdp: boolean,
): FormerAllocation[] {
  const [first] = sorted;
  const [head, ...others] = allocations;
  if (!first || !head) return allocations;
  const seats = sorted.flatMap((each) => each.seats);
  const seated = new Set(seats.map(({ vm, vcpu }) => `${vm.key}\n${vcpu}`));
  const strays = vms.flatMap((vm) =>
    vm.pcpus.flatMap((_, vcpu): Seat[] =>
      seated.has(`${vm.key}\n${vcpu}`) ? [] : [{ vm, vcpu, own: undefined, ghost: false }],
    ),
  );
  const here = [...first.seats, ...strays].sort(bySeat);
  const lead = here[0]?.vm.realtime ? [...seats].sort(bySeat)[0] : undefined;
  const leads: Seat[] = lead && !lead.vm.realtime ? [{ ...lead, own: undefined }] : [];
  return [{ ...head, policies: [...leads, ...here].flatMap((seat) => rows(first, seat, cdp)) }, ...others];
}
