import { same } from "../../claims/same";
import type { FieldValue, Reading } from "../../claims/types";
import { AcrnError } from "../../errors";
import { child, isElement, rawOf, render, type XmlDoc, type XmlElement, type XmlSpec } from "../../xml";
import { insertionOf, noPlace, styleAt, type VmPlace, vmPlace, without, withRaw } from "./vm-place";

/** One kind of child element of `<vm>` that is a field. */
export interface ChildKind {
  element: string;
  /** Why this VM can have no such element; undefined: it can. */
  bars(place: VmPlace): string | undefined;
  value(place: VmPlace, element: XmlElement): FieldValue;
  /** The element for a VM that has none. */
  spec(place: VmPlace, value: FieldValue): XmlSpec;
  /** The whole text with `value` in the element that is there. */
  rewrite(place: VmPlace, element: XmlElement, value: FieldValue): string;
  takes(value: FieldValue): boolean;
  /** The element holds more than the field: this is the rest. What others changed in it stays when ours is given back. */
  rest?(place: VmPlace, element: XmlElement): string;
  /** A VM cannot be without it. */
  required?: true;
}

/** The fields of a VM that are one element each, in either dialect. */
export interface VmField {
  read(text: string, file: string, vmKey: string): Reading;
  write(text: string, file: string, vmKey: string, value: FieldValue): string;
  restore(text: string, file: string, vmKey: string, raw: string | undefined): string;
  takes(value: FieldValue, raw?: string): boolean;
}

/** A field by its dialect's element; a sentence where the dialect has none. */
export function childField(name: string, kinds: Record<"2.x" | "3.x", ChildKind | string>): VmField {
  const at = (text: string, file: string, vmKey: string) => locate(text, file, vmKey, kinds);
  const known = Object.values(kinds).filter((kind) => typeof kind !== "string");
  const field: VmField = {
    read(text, file, vmKey) {
      const found = at(text, file, vmKey);
      if ("why" in found) return { kind: "no-place", why: found.why };
      const { place, kind, element } = found;
      if (!element) return { kind: "absent" };
      return { kind: "value", value: kind.value(place, element), raw: rawOf(place.doc, element) };
    },

    write(text, file, vmKey, value) {
      const found = at(text, file, vmKey);
      if ("why" in found) throw noPlace(file, `${name} of ${vmKey}`, found.why);
      const { place, kind, element } = found;
      if (value === null) return takenOut(file, found);
      if (!element) return inserted(place, kind, (style, eol) => render(kind.spec(place, value), style, eol));
      return same(kind.value(place, element), value) ? text : kind.rewrite(place, element, value);
    },

    restore(text, file, vmKey, raw) {
      const found = at(text, file, vmKey);
      if ("why" in found) return text;
      const { place, kind, element } = found;
      if (raw === undefined) return element ? without(place.doc, element) : text;
      if (!element) return inserted(place, kind, () => raw);
      const back = withRaw(place.doc, element, raw);
      const then = at(back, file, vmKey);
      if (!kind.rest || "why" in then || !then.element) return back;
      if (kind.rest(place, element) === kind.rest(then.place, then.element)) return back;
      return field.write(text, file, vmKey, kind.value(then.place, then.element));
    },

    takes: (value, raw) =>
      known.some((kind) => kind.takes(value) && (raw === undefined || isElement(raw, kind.element))),
  };
  return field;
}

/** All that an element holds beside its child elements of one name: what a field in that child leaves alone. */
export function restBeside(doc: XmlDoc, element: XmlElement, own: string): string {
  const others = element.nodes.filter(
    (node) => node.kind !== "text" && !(node.kind === "element" && node.name === own),
  );
  return others.map((node) => doc.text.slice(node.start, node.end)).join("\n");
}

interface Found {
  place: VmPlace;
  kind: ChildKind;
  element: XmlElement | undefined;
}

function locate(
  text: string,
  file: string,
  vmKey: string,
  kinds: Record<"2.x" | "3.x", ChildKind | string>,
): Found | { why: string } {
  const place = vmPlace(text, file, vmKey);
  if ("why" in place) return place;
  const kind = kinds[place.dialect];
  if (typeof kind === "string") return { why: kind };
  const why = kind.bars(place);
  return why === undefined ? { place, kind, element: child(place.vm, kind.element) } : { why: `${vmKey} ${why}` };
}

function inserted(
  place: VmPlace,
  kind: ChildKind,
  source: (style: ReturnType<typeof styleAt>, eol: string) => string,
): string {
  const { doc } = place;
  const { at, gap, anchor } = insertionOf(place, kind.element);
  const style = styleAt(doc, gap, anchor);
  return doc.text.slice(0, at) + gap + source(style, style?.eol ?? "\n") + doc.text.slice(at);
}

function takenOut(file: string, { place, kind, element }: Found): string {
  if (!element) return place.doc.text;
  if (!kind.required) return without(place.doc, element);
  throw new AcrnError("scenario.required", `${place.view.key} cannot be without <${kind.element}>`, {
    where: { file },
    hint: "Give it a value.",
  });
}
