import { AcrnError } from "../../errors";
import { MAX_CPU_ID } from "../../hardware/cpu-set";
import { child, childrenNamed, lineOf, placeOf, trimSpace, type XmlDoc, type XmlElement } from "../../xml";
import type { Dialect, LoadOrder, VmView } from "../types";

const LOAD_3X: ReadonlyMap<string, LoadOrder> = new Map([
  ["PRE_LAUNCHED_VM", "pre-launched"],
  ["SERVICE_VM", "service"],
  ["POST_LAUNCHED_VM", "post-launched"],
]);

/** 2.x tells the load order by vm_type (reference 2.2); SOS_VM became SERVICE_VM in v2.7. */
const LOAD_2X: ReadonlyMap<string, LoadOrder> = new Map([
  ["PRE_RT_VM", "pre-launched"],
  ["PRE_STD_VM", "pre-launched"],
  ["SAFETY_VM", "pre-launched"],
  ["SOS_VM", "service"],
  ["SERVICE_VM", "service"],
  ["POST_STD_VM", "post-launched"],
  ["POST_RT_VM", "post-launched"],
  ["KATA_VM", "post-launched"],
]);

export function readVm(doc: XmlDoc, element: XmlElement, dialect: Dialect): VmView {
  const id = readId(doc, element);
  const name = textOf(element, "name") || undefined;
  const type = textOf(element, "vm_type");
  const flags = (child(element, "guest_flags")?.children ?? []).map(({ value }) => trimSpace(value));
  const old = dialect === "2.x";
  const affinity = readAffinity(doc, element, dialect);
  return {
    key: name ?? `#${id}`,
    id,
    ...(name === undefined ? {} : { name }),
    load: readLoad(doc, element, dialect),
    realtime: old ? /^(PRE|POST)_RT_VM$/.test(type) || flags.includes("GUEST_FLAG_RT") : type === "RTVM",
    lapicPassthrough: old
      ? flags.includes("GUEST_FLAG_LAPIC_PASSTHROUGH")
      : textOf(element, "lapic_passthrough") === "y",
    ownPcpu: textOf(element, "own_pcpu") === "y",
    ...(affinity === undefined ? {} : { affinity }),
    line: lineOf(doc, element),
  };
}

function textOf(element: XmlElement, name: string): string {
  return trimSpace(child(element, name)?.value ?? "");
}

function fail(doc: XmlDoc, at: XmlElement, code: string, summary: string, hint: string): never {
  throw new AcrnError(`scenario.${code}`, summary, { where: placeOf(doc, at), hint });
}

function readId(doc: XmlDoc, element: XmlElement): number {
  const text = element.attributes.get("id");
  if (text !== undefined && /^\d{1,5}$/.test(text)) return Number(text);
  const what = text === undefined ? "a VM without id" : `${JSON.stringify(text)} is no VM id`;
  return fail(doc, element, "vm-id", what, 'Write a number: <vm id="1">.');
}

function readLoad(doc: XmlDoc, element: XmlElement, dialect: Dialect): LoadOrder {
  const [name, known] = dialect === "2.x" ? (["vm_type", LOAD_2X] as const) : (["load_order", LOAD_3X] as const);
  const text = textOf(element, name);
  const load = known.get(text);
  if (load) return load;
  const what = text === "" ? `a VM without ${name}` : `${JSON.stringify(text)} is no ${name} of ACRN ${dialect}`;
  return fail(doc, child(element, name) ?? element, "load-order", what, `One of ${[...known.keys()].join(", ")}.`);
}

/** Elements that hold one pCPU each: `pcpu/pcpu_id` in 3.x, `pcpu_id` in 2.x. */
export function entriesOf(affinity: XmlElement, dialect: Dialect): XmlElement[] {
  return childrenNamed(affinity, dialect === "2.x" ? "pcpu_id" : "pcpu");
}

export function entryId(doc: XmlDoc, entry: XmlElement, dialect: Dialect): number {
  const element = dialect === "2.x" ? entry : child(entry, "pcpu_id");
  const text = trimSpace(element?.value ?? "");
  if (/^\d{1,4}$/.test(text) && Number(text) <= MAX_CPU_ID) return Number(text);
  const what = element ? `${JSON.stringify(text)} is no pCPU id` : "a <pcpu> without <pcpu_id>";
  return fail(
    doc,
    element ?? entry,
    "pcpu-id",
    what,
    "Write the pCPU's number (Linux CPU number), e.g. <pcpu_id>2</pcpu_id>.",
  );
}

function readAffinity(doc: XmlDoc, element: XmlElement, dialect: Dialect): number[] | undefined {
  const [affinity, second] = childrenNamed(element, "cpu_affinity");
  if (!affinity) return undefined;
  if (second) fail(doc, second, "affinity", "a second <cpu_affinity> in one VM", "Keep one of the two.");
  const strange = affinity.children.find((each) => each.name === (dialect === "2.x" ? "pcpu" : "pcpu_id"));
  if (strange) {
    const form = dialect === "2.x" ? "<pcpu_id>2</pcpu_id>" : "<pcpu><pcpu_id>2</pcpu_id></pcpu>";
    fail(
      doc,
      strange,
      "affinity",
      `<${strange.name}> in <cpu_affinity> is not of ACRN ${dialect}`,
      `There it is ${form}.`,
    );
  }
  return entriesOf(affinity, dialect).map((entry) => entryId(doc, entry, dialect));
}
