import { same } from "../../../claims/same";
import type { Topology } from "../../../hardware/types";
import type { CatCache } from "../caches";
import { gpuRefusals } from "./gpu";
import type { ClosDeclaration, ClosRefusal } from "./types";

/** What ACRN 2.x cannot say, or this board cannot do. */
export function oldRefusals(
  { classes, rest, gpuWays, cdp }: ClosDeclaration,
  topology: Topology,
  caches: readonly CatCache[],
): ClosRefusal[] {
  if (caches.length === 0) {
    const hint = "Use a board that can divide its caches, with a board file that says so (CLOS_INFO).";
    return [{ code: "clos.no-cat", property: "classes", message: "the board tells of no L2 or L3 with CAT", hint }];
  }
  const parts = [
    ...Object.entries(classes).map(([name, wish]) => [`classes.${name}`, wish] as const),
    ["rest", rest ?? {}] as const,
  ];
  const apart = parts.flatMap(([property, { l2, l3 }]): ClosRefusal[] => {
    if ([l2, l3].some((share) => typeof share === "object")) return [noCdp(property)];
    if (l2 === undefined || l3 === undefined || same(l2, l3)) return [];
    const message = "ACRN 2.x has one list of masks for all caches, and the shares of L2 and L3 differ";
    return [{ code: "clos.one-list", property, message, hint: "Give both the same share, or only one of them." }];
  });
  const delays = parts.filter(([, { mba }]) => mba !== undefined);
  const without = delays.length > 0 && !topology.clos?.resources.includes("MBA");
  return [
    ...apart,
    ...(cdp ? [noCdp("cdp")] : []),
    ...(without ? [noMba(delays[0]?.[0] ?? "rest")] : []),
    ...gpuRefusals(gpuWays, topology, caches),
  ];
}

function noCdp(property: string): ClosRefusal {
  const message = "code and data apart (CDP) are written for ACRN 3.x alone";
  return { code: "clos.cdp", property, message, hint: "Give one share, and leave cdp out." };
}

function noMba(property: string): ClosRefusal {
  const message = "the board cannot limit memory bandwidth (CLOS_INFO names no MBA)";
  return { code: "clos.mba", property: `${property}.mba`, message, hint: "Leave mba out." };
}
