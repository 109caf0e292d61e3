import { sortKeys } from "../../claims/same";
import type { FieldValue } from "../../claims/types";
import type { XmlElement, XmlSpec } from "../../xml";
import type { ChildKind } from "./child-field";
import { rewriteList } from "./rewrite-list";

/** How the entries of a list are read and written. */
export interface ListKind {
  element: string;
  bars: ChildKind["bars"];
  /** Undefined: a placeholder (`<pci_dev/>`) that says nothing. */
  entry(element: XmlElement): FieldValue | undefined;
  spec(value: FieldValue): XmlSpec;
  takes(value: FieldValue): boolean;
}

/** An element whose children are the values of a list, in their order. */
export function listField({ element: name, bars, entry, spec, takes }: ListKind): ChildKind {
  const wanted = (value: FieldValue) => (value as FieldValue[]).map((each) => ({ key: keyOf(each), spec: spec(each) }));
  return {
    element: name,
    bars,
    value: (_place, list) => list.children.map(entry).filter((value) => value !== undefined),
    spec: (_place, value) => ({ name, children: (value as FieldValue[]).map(spec) }),
    rewrite: ({ doc }, list, value) => rewriteList(doc, list, (each) => keyOf(entry(each)), wanted(value)),
    takes: (value) => Array.isArray(value) && value.every(takes),
  };
}

/** Undefined for a placeholder. */
function keyOf(value: FieldValue | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(sortKeys(value));
}
