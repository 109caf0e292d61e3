import type { FieldValue } from "../../claims/types";
import { applyEdits } from "../../text/edits";
import { child, insertChild, setText, trimSpace, type XmlElement } from "../../xml";
import { type ChildKind, restBeside } from "./child-field";
import { defaultMemory } from "./memory-text";
import type { VmPlace } from "./vm-place";

/** 3.x `memory/size` in MiB; a pre-launched VM's `hpa_region` beside it stays. A `<memory>` without size has the default. */
export function memoryField(bars: ChildKind["bars"]): ChildKind {
  return {
    element: "memory",
    bars,
    value: sizeOf,
    spec: (_place, value) => ({ name: "memory", children: [{ name: "size", text: String(value) }] }),
    rewrite,
    takes: (value) => typeof value === "number" || typeof value === "string",
    rest: ({ doc }, memory) => restBeside(doc, memory, "size"),
  };
}

function sizeOf({ scenario }: VmPlace, memory: XmlElement): FieldValue {
  const text = trimSpace(child(memory, "size")?.value ?? "");
  if (text === "") return defaultMemory(scenario);
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function rewrite({ doc }: VmPlace, memory: XmlElement, value: FieldValue): string {
  const size = child(memory, "size");
  if (size) return applyEdits(doc.text, setText(doc, size, String(value)));
  const first = memory.children[0];
  const spec = { name: "size", text: String(value) };
  return applyEdits(doc.text, insertChild(doc, memory, spec, first ? { before: first } : "last"));
}
