import {
  child,
  childrenNamed,
  descendantsNamed,
  find,
  lineOf,
  trimSpace,
  type XmlDoc,
  type XmlElement,
} from "../../xml";
import { allocationOf } from "../scenario/cache-region-value";
import { openScenario } from "../scenario/open";
import { entriesOf, entryId } from "../scenario/vm";
import type { VmView } from "../types";
import type { Allocation, ClosSettings, Said } from "./types";

/** What a scenario of either dialect says of cache classes, with lines (reference 2.1, 2.2). */
export function readClosSettings(text: string, file: string): ClosSettings {
  const { doc, dialect } = openScenario(text, file);
  const rdt = find(doc.root, "hv/FEATURES/RDT");
  const enabled = rdt && child(rdt, "RDT_ENABLED");
  const yes = (name: string) => rdt !== undefined && trimSpace(child(rdt, name)?.value ?? "") === "y";
  return {
    dialect,
    rdt: yes("RDT_ENABLED"),
    cdp: yes("CDP_ENABLED"),
    vcat: yes("VCAT_ENABLED"),
    line: lineOf(doc, enabled ?? (find(doc.root, "hv") as XmlElement)),
    allocations: dialect === "3.x" ? allocationsOf(doc) : [],
    masks: dialect === "2.x" && rdt ? said(doc, childrenNamed(rdt, "CLOS_MASK")) : [],
    delays: dialect === "2.x" && rdt ? said(doc, childrenNamed(rdt, "MBA_DELAY")) : [],
  };
}

/** ACRN looks for POLICY anywhere (`//POLICY`); the schema allows it below hv/CACHE_REGION only. */
function allocationsOf(doc: XmlDoc): Allocation[] {
  return descendantsNamed(doc.root, "CACHE_ALLOCATION").map((at) => allocated(doc, at));
}

function allocated(doc: XmlDoc, at: XmlElement): Allocation {
  const lines = childrenNamed(at, "POLICY").map((policy) => lineOf(doc, policy));
  const { level, id, policies } = allocationOf(at);
  return {
    level,
    id,
    policies: policies.map((each, i) => ({ ...each, line: lines[i] as number })),
    line: lineOf(doc, at),
  };
}

function said(doc: XmlDoc, elements: readonly XmlElement[]): Said[] {
  return elements.map((each) => ({ text: trimSpace(each.value), line: lineOf(doc, each) }));
}

/** What a VM says of its own classes: 3.x `virtual_cat_support` and `real_time_vcpu`, 2.x `clos`. */
export interface SaidByVm {
  vcat: boolean;
  clos?: Said[];
  /** By pCPU; undefined: no entry has the element. */
  realtime?: ReadonlyMap<number, boolean>;
}

export function vmClos(text: string, file: string): Map<string, SaidByVm> {
  const { doc, dialect, vms } = openScenario(text, file);
  const of = (element: XmlElement, view: VmView): [string, SaidByVm] => {
    const vcat = trimSpace(child(element, "virtual_cat_support")?.value ?? "") === "y";
    const list = dialect === "2.x" ? child(element, "clos") : undefined;
    const realtime = dialect === "3.x" && view.realtime ? marksOf(doc, element) : undefined;
    const clos = list && said(doc, childrenNamed(list, "vcpu_clos"));
    return [view.key, { vcat, ...(clos ? { clos } : {}), ...(realtime ? { realtime } : {}) }];
  };
  return new Map(vms.map(({ element, view }) => of(element, view)));
}

/** Without the element it is n, as the configurator takes it. */
function marksOf(doc: XmlDoc, vm: XmlElement): ReadonlyMap<number, boolean> | undefined {
  const affinity = child(vm, "cpu_affinity");
  const entries = affinity ? entriesOf(affinity, "3.x") : [];
  if (!entries.some((entry) => child(entry, "real_time_vcpu"))) return undefined;
  const marked = (entry: XmlElement) => trimSpace(child(entry, "real_time_vcpu")?.value ?? "") === "y";
  return new Map(entries.map((entry) => [entryId(doc, entry, "3.x"), marked(entry)]));
}
