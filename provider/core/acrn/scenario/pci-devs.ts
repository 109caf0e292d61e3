import { trimSpace } from "../../xml";
import type { ChildKind } from "./child-field";
import { listField } from "./list-field";

/** Devices by the board's whole description: ACRN compares whole texts, so one spelling everywhere (reference, section 2). */
export function pciDevsField(bars: ChildKind["bars"]): ChildKind {
  return listField({
    element: "pci_devs",
    bars,
    entry: (element) => trimSpace(element.value) || undefined,
    spec: (value) => ({ name: "pci_dev", text: String(value) }),
    takes: (value) => typeof value === "string",
  });
}
