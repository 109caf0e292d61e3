import { wayBytes } from "../../../hardware/ways";
import { catCaches, titleOf } from "../caches";
import { isNoChoice } from "../choose";
import { declarationRefusals } from "./declaration";
import { type Divided, divide } from "./divide";
import { gpuWarnings } from "./gpu";
import { membersOf } from "./members";
import { ordered } from "./order";
import { type ClassWays, type ClosPlan, type ClosPlanInput, type ClosRefusal, refused } from "./types";
import { verify } from "./verify";

export { type OldFormer, planOldClos } from "./old";
export type {
  ClassWays,
  ClassWish,
  ClosDeclaration,
  ClosPlan,
  ClosPlanInput,
  FormerAllocation,
  ShareOf,
} from "./types";

/**
 * The POLICY of every vCPU of every VM on every CAT cache that covers it, for which ACRN's allocator gives what is
 * declared (3.x). Refused is what is certain: what does not fit the hardware, and what the rules would find afterwards.
 */
export function planClos(input: ClosPlanInput): ClosPlan {
  const caches = catCaches(input.topology);
  const members = membersOf(input.declaration, input.vms);
  if (members.refusals.length > 0) return refused(members.refusals);
  const early = declarationRefusals(input, members, caches);
  if (early.length > 0) return refused(early);
  const divided: Divided[] = [];
  const none: ClosRefusal[] = [];
  for (const cache of caches) {
    const each = divide(input, members, cache);
    if (isNoChoice(each)) none.push(each);
    else divided.push(each);
  }
  if (none.length > 0) return refused(none);
  const allocations = ordered(divided, input.vms, input.declaration.cdp);
  const { closIds, refusals, warnings: told } = verify(input, divided, allocations);
  if (refusals.length > 0) return refused(refusals);
  const warnings = [...told, ...gpuWarnings(input.declaration.gpuWays, caches)];
  return { allocations, closIds, ways: divided.flatMap(waysOf), held: divided.flatMap(heldOn), refusals, warnings };
}

function waysOf({ cache, chosen }: Divided): ClassWays[] {
  const bytes = wayBytes(cache);
  const of = (name: string, mask: number): ClassWays => ({
    name,
    cache: titleOf(cache),
    width: cache.cat.maskLength,
    mask,
    ...(bytes === undefined ? {} : { bytes }),
    why: chosen.why.get(name) ?? "",
  });
  const own = [...chosen.masks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, mask]) => of(name, mask));
  return chosen.rest === undefined ? own : [...own, of("rest", chosen.rest)];
}

function heldOn({ cache, gpu }: Divided): ClosPlan["held"] {
  const title = titleOf(cache);
  return [
    ...(gpu ? [{ cache: title, name: "GPU" as const, mask: gpu }] : []),
    ...(cache.sramWays ? [{ cache: title, name: "SRAM" as const, mask: cache.sramWays }] : []),
  ];
}
