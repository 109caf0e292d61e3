import { parseMask, wayBytes } from "../../../hardware/ways";
import { type CatCache, catCaches, titleOf } from "../caches";
import { isNoChoice } from "../choose";
import { type Divided, divide, shareOf } from "./divide";
import { type Members, membersOf } from "./members";
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
  const { closIds, refusals, warnings } = verify(input, divided, allocations);
  if (refusals.length > 0) return refused(refusals);
  return { allocations, closIds, ways: divided.flatMap(waysOf), held: divided.flatMap(heldOn), refusals, warnings };
}

/** What cannot be on this board, whatever is chosen. */
function declarationRefusals(input: ClosPlanInput, members: Members, caches: readonly CatCache[]): ClosRefusal[] {
  const { declaration, topology, vms } = input;
  if (caches.length === 0 || !topology.cachesKnown) return [noCat(topology.cachesKnown)];
  const mba = mbaRefusals(declaration);
  if (mba.length > 0) return mba;
  const homeless = vms.filter(({ pcpus }) => pcpus.length === 0).map(({ key }) => noCores(key));
  const levels = Object.entries(declaration.classes).flatMap(([name, wish]) =>
    [2, 3].flatMap((level) => {
      if (shareOf(wish, level) === undefined) return [];
      const reached = vms.some((vm) =>
        vm.pcpus.some(
          (pcpu, vcpu) =>
            members.classOf(vm.key, vcpu) === name && caches.some((c) => c.level === level && c.pcpus.includes(pcpu)),
        ),
      );
      return reached ? [] : [noLevel(name, level, caches)];
    }),
  );
  return [...homeless, ...levels, ...cdpRefusals(input), ...gpuRefusals(input), ...vcatRefusals(input)];
}

function noCat(known: boolean): ClosRefusal {
  const message = known
    ? "no L2 or L3 of the board has CAT: ACRN would take RDT_ENABLED and ignore it"
    : "the board file does not tell its caches (boards before v2.5)";
  return {
    code: "clos.no-cat",
    property: "classes",
    message,
    hint: "Use a board that can divide its caches, with a board file that says so.",
  };
}

/** T05: the element went with v3.0, and the code that would write it is dead (reference 2.1). */
function mbaRefusals({ classes, rest }: ClosPlanInput["declaration"]): ClosRefusal[] {
  const given = Object.keys(classes).filter((name) => classes[name]?.mba !== undefined);
  const properties = [...given.map((name) => `classes.${name}.mba`), ...(rest?.mba === undefined ? [] : ["rest.mba"])];
  const message = "ACRN 3.x cannot limit memory bandwidth (T05): MBA_DELAY went with v3.0";
  return properties.map((property) => ({
    code: "clos.mba",
    property,
    message,
    hint: "Leave mba out; only ACRN 2.x has it.",
  }));
}

function noCores(vm: string): ClosRefusal {
  return {
    code: "clos.no-cores",
    property: "partition",
    message: `which pCPUs ${vm} has is not known, so its vCPUs cannot be given policies`,
    hint: "Pass the CorePartition that gives it pCPUs, or write its cpu_affinity.",
  };
}

function noLevel(name: string, level: number, caches: readonly CatCache[]): ClosRefusal {
  return {
    code: "clos.no-level",
    property: `classes.${name}.l${level}`,
    message: `no vCPU of the class ${name} is on an L${level} with CAT`,
    hint: `Caches with CAT: ${caches.map((c) => `${titleOf(c)} of pCPU ${c.pcpus.join()}`).join("; ")}.`,
  };
}

/** [schema/checks/rdt_support.xsd: from v3.1 on every L2 and L3 has to have it] */
function cdpRefusals({ declaration, topology }: ClosPlanInput): ClosRefusal[] {
  const apart = Object.entries(declaration.classes).filter(([, w]) => [w.l2, w.l3].some((s) => typeof s === "object"));
  if (!declaration.cdp)
    return apart.map(([name]) => ({
      code: "clos.cdp",
      property: `classes.${name}`,
      message: "code and data have ways apart only with CDP",
      hint: "Declare cdp: true, or give one share.",
    }));
  const without = topology.caches.filter(({ level, cdp }) => (level === 2 || level === 3) && !cdp);
  if (without.length === 0) return [];
  const message = `${without.map(titleOf).join(", ")} has no CDP, and ACRN wants it on every L2 and L3`;
  return [{ code: "clos.cdp", property: "cdp", message, hint: "Leave cdp out on this board." }];
}

function gpuRefusals({ declaration: { gpuWays }, topology }: ClosPlanInput): ClosRefusal[] {
  if (gpuWays === undefined) return [];
  const property = "gpuWays";
  if (gpuWays === "board" && !topology.caches.some((cache) => cache.gpuWays)) {
    const message = "the board file tells no ways of the GPU (GT Waymask)";
    return [
      {
        code: "clos.gpu",
        property,
        message,
        hint: 'Give the mask: gpuWays: "0x3" (see the BIOS, or Intel\'s TCC tools).',
      },
    ];
  }
  if (gpuWays === "board" || parseMask(gpuWays) !== undefined) return [];
  return [
    {
      code: "clos.gpu",
      property,
      message: `${JSON.stringify(gpuWays)} is no mask`,
      hint: 'Give a mask of the L3 ("0x3"), or "board".',
    },
  ];
}

/** With vCAT every policy takes an id of its own, and the guest divides its ways itself (reference 2.1, 3). */
function vcatRefusals({ vms }: ClosPlanInput): ClosRefusal[] {
  return vms
    .filter(({ vcat }) => vcat)
    .map(({ key }) => ({
      code: "clos.vcat",
      property: "classes",
      message: `${key} has virtual_cat_support: its classes are the guest's, and ACRN gives it one CLOS alone`,
      hint: "Take virtual_cat_support out of the VM.",
    }));
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
