import { isRecord } from "../../claims/same";
import { AcrnError } from "../../errors";
import { child, isElement, rawOf, trimSpace, type XmlDoc, type XmlElement } from "../../xml";
import { restBeside, type VmField } from "./child-field";
import { gapBefore } from "./gap";
import { insertRawVm, insertVm, refuseId } from "./insert-vm";
import { saysRealtime, vmFields } from "./vm-fields";
import { noPlace, type VmPlace, vmPlace, without, withRaw } from "./vm-place";

/** A VM as a field: that it is there. What else it says are fields of their own. */
export interface VmValue {
  id: number;
  /** Only post-launched VMs are inserted: the others need memory, kernels and cores that no default can give. */
  load: "post-launched" | "service" | "pre-launched";
  realtime: boolean;
}

export const vmField: VmField = {
  read(text, file, vmKey) {
    const place = vmPlace(text, file, vmKey);
    if ("why" in place) return { kind: "absent" };
    return { kind: "value", value: { ...seen(place) }, raw: rawOf(place.doc, place.vm) };
  },

  write(text, file, vmKey, value) {
    const place = vmPlace(text, file, vmKey);
    if (value === null) return "why" in place ? text : takenOut(place);
    const wanted = value as unknown as VmValue;
    if ("why" in place) {
      if (wanted.load === "post-launched") return insertVm(text, file, vmKey, wanted.id, wanted.realtime);
      throw noPlace(file, `vm ${vmKey}`, `only post-launched VMs can be inserted, not ${wanted.load} ones`);
    }
    return changed(text, file, place, wanted);
  },

  /** Where the VM is still there only what this field is goes back: the rest has fields of its own, or is somebody else's. */
  restore(text, file, vmKey, raw) {
    const place = vmPlace(text, file, vmKey);
    if ("why" in place) return raw === undefined ? text : insertRawVm(text, file, raw);
    if (raw === undefined) return takenOut(place);
    const back = withRaw(place.doc, place.vm, raw);
    const then = vmPlace(back, file, vmKey);
    if ("why" in then || restOf(place) === restOf(then)) return back;
    return changed(text, file, place, seen(then));
  },

  takes: (value, raw) =>
    isRecord(value) &&
    Number.isSafeInteger(value.id) &&
    typeof value.load === "string" &&
    typeof value.realtime === "boolean" &&
    (raw === undefined || isElement(raw, "vm")),
};

function restOf({ doc, vm }: VmPlace): string {
  return restBeside(doc, vm, "vm_type");
}

function seen({ view, vm, dialect }: VmPlace): VmValue {
  const type = trimSpace(child(vm, "vm_type")?.value ?? "");
  return { id: view.id, load: view.load, realtime: saysRealtime(dialect, type) };
}

function changed(text: string, file: string, place: VmPlace, wanted: VmValue): string {
  const { id, load, realtime } = seen(place);
  if (wanted.load !== load)
    throw new AcrnError("scenario.vm-load", `${place.view.key} is a ${load} VM and cannot become ${wanted.load}`, {
      where: { file, line: place.view.line },
      hint: "Take it out of the scenario first, or declare it as what it is.",
    });
  if (wanted.id !== id) refuseId(place.scenario, file, place.view.key, wanted.id);
  const next = wanted.id === id ? text : withId(place.doc, place.vm, wanted.id);
  if (wanted.realtime === realtime) return next;
  return (vmFields.get("vm_type") as VmField).write(next, file, place.view.key, wanted.realtime);
}

function withId(doc: XmlDoc, vm: XmlElement, id: number): string {
  const tag = doc.text.slice(vm.start, vm.contentStart);
  const written = tag.replace(/(\sid\s*=\s*)("[^"]*"|'[^']*')/, (_, before: string, old: string) => {
    const quote = old.charAt(0);
    return before + quote + id + quote;
  });
  return doc.text.slice(0, vm.start) + written + doc.text.slice(vm.contentStart);
}

/** Comments in it are nobody's field: they stay where the VM was. */
function takenOut({ doc, vm }: VmPlace): string {
  const gap = gapBefore(doc, vm).text;
  return without(
    doc,
    vm,
    commentsIn(doc, vm)
      .map((each) => gap + each)
      .join(""),
  );
}

function commentsIn(doc: XmlDoc, element: XmlElement): string[] {
  return element.nodes.flatMap((node) => {
    if (node.kind === "element") return commentsIn(doc, node);
    return node.kind === "comment" ? [doc.text.slice(node.start, node.end)] : [];
  });
}
