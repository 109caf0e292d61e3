import { AcrnError } from "../../errors";
import { applyEdits, type TextEdit } from "../../text/edits";
import { child, rawOf, type XmlElement } from "../../xml";
import type { AffinityPlace } from "./affinity-layout";
import { freshAffinity, insertionPoint, rewriteAffinity } from "./affinity-text";
import { gapBefore } from "./gap";
import { openScenario } from "./open";
import { entriesOf, entryId } from "./vm";

export type FieldReading =
  /** `value` ascending; an id that the file repeats is repeated. `raw` is the element's exact source. */
  | { kind: "value"; value: number[]; raw: string }
  | { kind: "absent" }
  /** There can be no such field: no such VM, or the dialect has no such element. */
  | { kind: "no-place"; why: string };

/** `cpu_affinity` of one VM as a field: read, written and given back; every byte outside it stays. */
export const affinityField = {
  read(text: string, file: string, vmKey: string): FieldReading {
    const place = locate(text, file, vmKey);
    if ("why" in place) return { kind: "no-place", why: place.why };
    if (!place.element) return { kind: "absent" };
    return { kind: "value", value: idsOf(place, place.element), raw: rawOf(place.doc, place.element) };
  },

  /** The order of entries in the file is no reason to edit it; a repeated id is. */
  write(text: string, file: string, vmKey: string, value: readonly number[]): string {
    return applyEdits(text, editsFor(text, file, vmKey, value));
  },

  /** Of several VMs at once: an affinity is laid out after its own VM, and what stands in another one says nothing of it. */
  writeAll(text: string, file: string, values: readonly (readonly [vmKey: string, readonly number[]])[]): string {
    return applyEdits(
      text,
      values.flatMap(([vmKey, value]) => editsFor(text, file, vmKey, value)),
    );
  },

  /** Puts `raw` back; undefined: takes out what `write` inserted. Where the VM is gone nothing is left to give back. */
  restore(text: string, file: string, vmKey: string, raw: string | undefined): string {
    const place = locate(text, file, vmKey);
    if ("why" in place) return text;
    const { doc, element } = place;
    if (raw === undefined)
      return element ? applyEdits(text, [{ start: gapBefore(doc, element).start, end: element.end, text: "" }]) : text;
    return applyEdits(text, [element ? { start: element.start, end: element.end, text: raw } : insertion(place, raw)]);
  },
};

function editsFor(text: string, file: string, vmKey: string, value: readonly number[]): TextEdit[] {
  const place = locate(text, file, vmKey);
  if ("why" in place) throw noPlace(file, place.why);
  const wanted = [...value].sort((a, b) => a - b);
  if (wanted.length === 0)
    throw new AcrnError("scenario.affinity", `${vmKey} would have no pCPU`, {
      where: { file },
      hint: "ACRN needs at least one pCPU for a VM.",
    });
  const { element } = place;
  if (!element) return [insertion(place, freshAffinity(place, wanted))];
  if (idsOf(place, element).join() === wanted.join()) return [];
  return [{ start: element.start, end: element.end, text: rewriteAffinity(place, element, [...new Set(wanted)]) }];
}

function locate(text: string, file: string, vmKey: string): AffinityPlace | { why: string } {
  const { doc, dialect, vms } = openScenario(text, file);
  const vm = vms.find(({ view }) => view.key === vmKey);
  if (!vm) return { why: `the scenario has no VM ${vmKey}` };
  if (dialect === "3.x" && vm.view.load === "service")
    return {
      why: `${vmKey} is the Service VM: in ACRN 3.x it may carry no cpu_affinity, it has what the others leave`,
    };
  return { doc, dialect, vm: vm.element, realtime: vm.view.realtime, element: child(vm.element, "cpu_affinity") };
}

function idsOf({ doc, dialect }: AffinityPlace, element: XmlElement): number[] {
  return entriesOf(element, dialect)
    .map((entry) => entryId(doc, entry, dialect))
    .sort((a, b) => a - b);
}

function insertion(place: AffinityPlace, raw: string): TextEdit {
  const { at, gap } = insertionPoint(place);
  return { start: at, end: at, text: gap + raw };
}

function noPlace(file: string, why: string): AcrnError {
  return new AcrnError("scenario.no-place", `cpu_affinity cannot be written: ${why}`, {
    where: { file },
    hint: "Name a post-launched or pre-launched VM of this scenario.",
  });
}
