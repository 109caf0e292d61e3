import { formatWays, fullMask, overlap } from "../../../hardware/ways";
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
  const owns = ownWays(rows, meetings);
  return meetings.map((meeting) => meetingFault(meeting, owns));
}

/**
 * Ways of its own somewhere: then it is a choice to be with others elsewhere. Asked of the vCPU where the VM tells its real-time ones, else of
 * the VM. A whole cache that nobody else fills is none; members of a class have its ways for themselves.
 */
function ownWays(rows: readonly Effective[], meetings: readonly Meeting[]): (row: Effective) => boolean {
  const disturbed = new Set(
    meetings.flatMap((meeting) => (areMates(meeting) ? [] : [spot(meeting.mine), spot(meeting.other)])),
  );
  const own = rows.filter((row) => row.mask !== fullMask(row.cache.cat.maskLength) && !disturbed.has(spot(row)));
  const vms = new Set(own.map(({ vm }) => vm));
  const vcpus = new Set(own.map(({ vm, vcpu }) => `${vm.key}\n${vcpu}`));
  return ({ vm, vcpu }) => (vm.realtimeVcpus?.[vcpu] ? vcpus.has(`${vm.key}\n${vcpu}`) : vms.has(vm));
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
  /** The first of `all`, which are in the same position. */
  mine: Effective;
  all: readonly Effective[];
  other: Effective;
}

/** Two real-time VMs with one mask: a class that both are in. */
const areMates = ({ mine, other }: Meeting): boolean => mine.mask === other.mask && other.vm.realtime;

/** vCPUs of a VM with one mask on a cache are in the same position there. */
const spot = ({ vm, cache, mask }: Effective) => `${vm.key}\n${cache.level} ${cache.id}\n${mask}`;

/** Once for each real-time VM, other VM, and masks of both. */
function meetingsOn(rows: readonly Effective[]): Meeting[] {
  const spots = new Map<string, Effective[]>();
  for (const row of rows) {
    const same = spots.get(spot(row));
    if (same) same.push(row);
    else spots.set(spot(row), [row]);
  }
  const whole = pairs(rows);
  return [...spots.values()].flatMap((all) => {
    const mine = all[0] as Effective;
    if (!mine.vm.realtime) return [];
    return [...spots.values()].flatMap((same): Meeting[] => {
      const other = same.find((row) => !apart(mine.vm, row));
      if (!other || other.vm === mine.vm || (other.vm.realtime && other.vm.key < mine.vm.key)) return [];
      if (mine.mask === undefined || other.mask === undefined || overlap(mine.mask, other.mask) === 0) return [];
      // Code and data of a class may meet: the data of one member then meets the code of another.
      if (mine.mask !== other.mask && other.vm.realtime && whole(mine) === whole(other)) return [];
      return [{ mine, all, other }];
    });
  });
}

/** All that a vCPU has of a cache: with CDP its data and its code. */
function pairs(rows: readonly Effective[]): (row: Effective) => string {
  const at = ({ vm, vcpu }: Effective) => `${vm.key}\n${vcpu}`;
  const data = new Map(rows.flatMap((row) => (row.type === "Data" ? [[at(row), row.mask] as const] : [])));
  const code = new Map(rows.flatMap((row) => (row.type === "Code" ? [[at(row), row.mask] as const] : [])));
  return (row) => (row.type === "Unified" ? String(row.mask) : `${data.get(at(row))} ${code.get(at(row))}`);
}

/** Equal masks are one class, which may be meant; masks that partly meet never are, nor is a real-time vCPU without ways of its own. */
function meetingFault(meeting: Meeting, owns: (row: Effective) => boolean): ClosFault {
  const { all, other } = meeting;
  const same = meeting.mine.mask === other.mask;
  const poor = same && !other.vm.realtime ? all.find((row) => !owns(row)) : undefined;
  const mine = poor ?? meeting.mine;
  const meant = same && !poor;
  const cache = titleOf(mine.cache);
  const shared = overlap(mine.mask as number, other.mask as number);
  const both = `${mine.vm.key} vCPU ${mine.vcpu} (${mine.text}) and ${other.vm.key} vCPU ${other.vcpu} (${other.text})`;
  return {
    rule: meant ? "clos.shared" : "clos.overlap",
    severity: meant ? "warning" : "error",
    vm: mine.vm.key,
    vcpu: mine.vcpu,
    cache,
    masks: [mine.text, other.text],
    line: mine.vm.line,
    message: `${both} both fill way ${formatWays(shared)} of ${cache}${meant ? ": they share a class" : ""}`,
    hint: hintFor(mine, meant, poor !== undefined),
  };
}

function hintFor({ vm, vcpu }: Effective, meant: boolean, poor: boolean): string {
  if (meant) return "Leave it so if this vCPU does no real-time work; else give it ways of its own.";
  if (!poor || !vm.realtimeVcpus?.[vcpu]) return "Give the real-time VM ways that no other mask has.";
  return `vCPU ${vcpu} is marked <real_time_vcpu>y</real_time_vcpu>: write n there if it does no real-time work, else give it ways that no other mask has.`;
}
