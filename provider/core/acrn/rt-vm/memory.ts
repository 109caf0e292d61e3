import type { Refusal } from "../../plan/types";

const SIZE = /^(\d{1,9})([kmgKMG])$/;
const MIB_OF: Record<string, number> = { k: 1 / 1024, m: 1, g: 1024 };

/** acrn-dm takes no less [devicemodel/core/main.c, lib/vmmapi: 128 MB]. */
const LEAST = 128;
/** Guest memory is made of huge pages [devicemodel/core/hugetlb.c]: 2 MiB, or 1 GiB where it can be had. */
const SMALL_PAGE = 2;
const LARGE_PAGE = 1024;

/** `2G` -> 2048; undefined: no size, or one without unit (acrn-dm rejects it by a fall-through, reference 6.2). */
export function mebibytes(text: string): number | undefined {
  const [, digits, unit] = SIZE.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (MIB_OF[(unit as string).toLowerCase()] as number);
}

/** `2048` -> `2048M`: as the generator writes it. */
export function showMebibytes(mib: number): string {
  return `${mib}M`;
}

/** @param board MiB of the whole board; undefined where its file does not tell */
export function memoryRules(vm: string, mib: number, board: number | undefined): Refusal[] {
  const no = (message: string, hint: string): Refusal[] => [
    { tip: "memory", code: "rtvm.memory", property: "memory", message: `${vm}: ${message}`, hint },
  ];
  if (mib < LEAST) return no(`${mib} MiB are too little for acrn-dm`, `Give at least ${LEAST}M.`);
  if (!Number.isInteger(mib / SMALL_PAGE))
    return no(`${mib} MiB are not whole 2 MiB pages, which guest memory is made of`, "Give an even number of MiB.");
  if (board !== undefined && mib > board)
    return no(
      `${mib} MiB are more than the whole board has (${board} MiB)`,
      "Give less: the Service VM needs its part too.",
    );
  return [];
}

/** acrn-dm falls back to 2 MiB pages where 1 GiB ones are missing: more TLB misses, no refusal. */
export function memoryWarnings(vm: string, mib: number): string[] {
  if (mib % LARGE_PAGE === 0) return [];
  return [
    `${vm}: ${mib} MiB are no whole GiB, so part of its memory is on 2M pages instead of 1G pages: more TLB misses`,
  ];
}

/**
 * All VMs but the Service VM have so much together that the board has nothing left: ACRN's validator warns from there on
 * [misc/config_tools/schema/checks/vm_memory.xsd], and no more, because not all of them have to run at once.
 */
export function sumWarnings(byVm: ReadonlyMap<string, number>, board: number | undefined): string[] {
  const sum = [...byVm.values()].reduce((all, mib) => all + mib, 0);
  if (board === undefined || sum < board) return [];
  const each = [...byVm].map(([vm, mib]) => `${vm} ${mib}`).join(", ");
  return [
    `the VMs of the scenario have ${sum} MiB together (${each}), and the board has ${board} MiB, of which the Service VM needs its part: they cannot all run at once`,
  ];
}
