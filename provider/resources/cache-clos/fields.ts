import type { ClosPlan, FormerAllocation, OldFormer } from "../../core/acrn/clos/plan";
import type { ClosVm } from "../../core/acrn/clos/types";
import { hvId, vmFieldId } from "../../core/acrn/scenario-surface";
import type { Dialect } from "../../core/acrn/types";
import {
  currentText,
  type Document,
  type Documents,
  type FieldValue,
  splitField,
  type Wish,
} from "../../core/claims/types";
import { parseMask } from "../../core/hardware/ways";
import type { View } from "../kind";

export const FIELDS = {
  region: hvId("hv/CACHE_REGION"),
  rdt: hvId("hv/FEATURES/RDT/RDT_ENABLED"),
  cdp: hvId("hv/FEATURES/RDT/CDP_ENABLED"),
  masks: hvId("hv/FEATURES/RDT/CLOS_MASK"),
  delays: hvId("hv/FEATURES/RDT/MBA_DELAY"),
} as const;

/** What a field of the scenario says; undefined: it is not there. */
export function fieldIn(documents: Documents, field: string): FieldValue | undefined {
  const document = documents.get("scenario") as Document;
  const text = currentText(document);
  if (text === undefined) return undefined;
  const reading = document.surface.read(text, document.path, splitField(field)[1]);
  return reading.kind === "value" ? reading.value : undefined;
}

/** What this resource wrote last; at first what the file has, so that who adopts a divided cache moves nobody. */
function formerValue(view: View, field: string): FieldValue | undefined {
  return view.former.get(field) ?? fieldIn(view.documents, field);
}

export function formerAllocations(view: View): readonly FormerAllocation[] {
  const value = formerValue(view, FIELDS.region);
  return Array.isArray(value) ? (value as unknown as readonly FormerAllocation[]) : [];
}

export function formerLists(view: View, vms: readonly ClosVm[]): OldFormer {
  const masks = formerValue(view, FIELDS.masks);
  const ids = (key: string) => formerValue(view, vmFieldId(key, "clos"));
  return {
    masks: Array.isArray(masks) ? masks.map((each) => parseMask(String(each)) ?? 0) : [],
    closIds: Object.fromEntries(vms.map(({ key }) => [key, listed(ids(key))])),
    // What we write is never for CDP.
    cdp: !view.former.has(FIELDS.masks) && fieldIn(view.documents, FIELDS.cdp) === true,
  };
}

function listed(value: FieldValue | undefined): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

/** CDP is said only where it is on, or has to go off: it is off unless the file says so. */
export function wishesFor(view: View, plan: ClosPlan, dialect: Dialect, cdp: boolean): Wish[] {
  const switches: Wish[] = [{ field: FIELDS.rdt, value: true }];
  if (cdp || fieldIn(view.documents, FIELDS.cdp) === true) switches.push({ field: FIELDS.cdp, value: cdp });
  if (dialect === "3.x")
    return [{ field: FIELDS.region, value: plan.allocations as unknown as FieldValue }, ...switches];
  const { masks = [], delays } = plan.lists ?? {};
  return [
    ...switches,
    { field: FIELDS.masks, value: masks },
    ...(delays ? [{ field: FIELDS.delays, value: delays }] : []),
    ...Object.entries(plan.closIds).map(([vm, ids]) => ({ field: vmFieldId(vm, "clos"), value: ids })),
  ];
}
