import { allocate } from "../../core/acrn/clos/allocator";
import type { FormerAllocation } from "../../core/acrn/clos/plan";
import { readClosSettings } from "../../core/acrn/clos/read";
import { vmFieldId } from "../../core/acrn/scenario-surface";
import { isRecord } from "../../core/claims/same";
import { currentText, type Document, type Documents } from "../../core/claims/types";
import type { Topology } from "../../core/hardware/types";
import { formatMask, parseMask } from "../../core/hardware/ways";
import { FIELDS, fieldIn } from "./fields";

const OFF = "(RDT is off)";

/**
 * Masks and CLOS ids as the host has them: what differs is the drift that a refresh shows. A mask that nobody has any more shows what the cache
 * has instead; a vCPU with another's mask shows by its id.
 */
export function observe(documents: Documents, state: Record<string, unknown>): Record<string, unknown> {
  const off = fieldIn(documents, FIELDS.rdt) !== true;
  const region = fieldIn(documents, FIELDS.region);
  const list = fieldIn(documents, FIELDS.masks);
  const live = (cache: string, mask: unknown) => (off ? OFF : seen(String(mask), cache, region, list));
  return {
    masks: mapped(state.masks, (_, caches) => mapped(caches, live)),
    closIds: off ? state.closIds : liveIds(documents, state.closIds),
  };
}

function mapped(x: unknown, value: (key: string, value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(isRecord(x) ? x : {}).map(([key, each]) => [key, value(key, each)]));
}

function seen(mask: string, cache: string, region: unknown, list: unknown): string {
  const allocations = (Array.isArray(region) ? region : []) as FormerAllocation[];
  const here = allocations.find(({ level, id }) => `L${level} ${id}` === cache);
  const texts = here ? here.policies.map((policy) => policy.mask) : Array.isArray(list) ? list.map(String) : [];
  const there = [...new Set(texts.map((text) => parseMask(text)))];
  if (there.includes(parseMask(mask))) return mask;
  if (there.length === 0) return "(not in the scenario)";
  return there.map((each) => (each === undefined ? "?" : formatMask(each))).join(" ");
}

/** Ids do not depend on the board: the allocator asks it for default masks alone. */
const NO_BOARD: Topology = {
  pcpus: [],
  cores: [],
  caches: [],
  pci: [],
  cachesKnown: false,
  coresKnown: false,
  missing: [],
};

/** As many as the last up told of, so that cores that came or went are not told twice. */
function liveIds(documents: Documents, told: unknown): Record<string, unknown> {
  const document = documents.get("scenario") as Document;
  const text = currentText(document);
  const settings = text === undefined ? undefined : readClosSettings(text, document.path);
  const allocated = settings?.dialect === "3.x" ? allocate(settings, [], NO_BOARD) : undefined;
  return mapped(told, (vm, ids) => {
    const count = Array.isArray(ids) ? ids.length : 0;
    const own = allocated ? allocated.closOf(vm) : fieldIn(documents, vmFieldId(vm, "clos"));
    if (!Array.isArray(own) || own.length === 0) return [];
    return Array.from({ length: count }, (_, vcpu) => Number(own[vcpu % own.length]));
  });
}
