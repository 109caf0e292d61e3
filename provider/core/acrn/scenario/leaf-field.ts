import type { FieldValue } from "../../claims/types";
import { applyEdits } from "../../text/edits";
import { setText, trimSpace } from "../../xml";
import type { ChildKind } from "./child-field";
import type { VmPlace } from "./vm-place";

interface LeafKind {
  element: string;
  bars: ChildKind["bars"];
  /** A text that is no value of ACRN's stays as it is: it is somebody's, and no reason not to read the rest. */
  parse(text: string, place: VmPlace): FieldValue;
  print(value: FieldValue, place: VmPlace): string;
  takes(value: FieldValue): boolean;
  required?: true;
}

/** An element that holds one value as text; white space around it stays. */
export function leafField({ element: name, parse, print, ...rest }: LeafKind): ChildKind {
  return {
    ...rest,
    element: name,
    value: (place, element) => parse(trimSpace(element.value), place),
    spec: (place, value) => ({ name, text: print(value, place) }),
    rewrite: (place, element, value) => applyEdits(place.doc.text, setText(place.doc, element, print(value, place))),
  };
}

/** `y` or `n` [schema/types.xsd Boolean]; an empty element has the schema's default, which the build fills in. */
export function booleanField(element: string, fallback: boolean, bars: ChildKind["bars"]): ChildKind {
  return leafField({
    element,
    bars,
    parse: (text) => (text === "" ? fallback : text === "y" ? true : text === "n" ? false : text),
    print: (value) => (typeof value === "boolean" ? (value ? "y" : "n") : String(value)),
    takes: (value) => typeof value === "boolean" || typeof value === "string",
  });
}
