import { AcrnError } from "../../errors";
import { rawOf, type Style, stepBelow, type XmlDoc, type XmlElement } from "../../xml";
import type { Dialect, VmView } from "../types";
import { behindRemark, gapBefore, lastLine } from "./gap";
import { type OpenScenario, openScenario } from "./open";

/** One VM of a scenario, with the element behind its view. */
export interface VmPlace {
  scenario: OpenScenario;
  doc: XmlDoc;
  dialect: Dialect;
  vm: XmlElement;
  view: VmView;
}

export function vmPlace(text: string, file: string, vmKey: string): VmPlace | { why: string } {
  const scenario = openScenario(text, file);
  const found = scenario.vms.find(({ view }) => view.key === vmKey);
  if (!found) return { why: `the scenario has no VM ${vmKey}` };
  return { scenario, doc: scenario.doc, dialect: scenario.dialect, vm: found.element, view: found.view };
}

/** Children of `<vm>` as ACRN's own files order them; both schemas leave the order free (xs:all). */
export const ORDER = [
  ...["load_order", "vm_type", "name", "guest_flags", "lapic_passthrough", "own_pcpu", "cpu_affinity", "clos"],
  ...["epc_section", "memory", "priority", "os_config", "legacy_vuart", "console_vuart", "communication_vuart"],
  ...["mmio_resources", "pci_devs", "board_private", "PTM", "os_type", "vbootloader", "vuart0", "usb_xhci"],
  "virtio_devices",
];

/**
 * Where an absent child goes: right behind those that stand before it in another VM of the file, and with the white space
 * that the last of them has before itself. As no white space can come before the gap, taking gap and element out again
 * gives the same bytes.
 */
export function insertionOf(place: VmPlace, name: string): { at: number; gap: string; anchor: XmlElement } {
  const { doc, vm } = place;
  const before = namesBefore(place, name);
  const anchor = vm.children.findLast((each) => before.includes(each.name)) ?? vm.children[0];
  if (!anchor) throw new Error("a VM has at least the element that tells its load order");
  return { at: behindRemark(doc, vm, anchor), gap: lastLine(gapBefore(doc, anchor).text), anchor };
}

function namesBefore({ scenario, vm, view }: VmPlace, name: string): string[] {
  const others = scenario.vms.filter(
    (each) => each.element !== vm && each.element.children.some((c) => c.name === name),
  );
  const model = others.find((each) => each.view.load === view.load) ?? others[0];
  const names = model ? model.element.children.map((each) => each.name) : ORDER;
  return names.slice(0, Math.max(0, names.indexOf(name)));
}

/** How children are laid out below an element that has `gap` before it; undefined: on one line. `near` shows the width of a step. */
export function styleAt(doc: XmlDoc, gap: string, near: XmlElement): Style | undefined {
  const [, eol, indent] = /^(\r\n|\r|\n)([ \t]*)$/.exec(gap) ?? [];
  return eol === undefined || indent === undefined ? undefined : { eol, indent, step: stepBelow(doc, near) };
}

/** The text without an element and the white space before it. */
export function without(doc: XmlDoc, element: XmlElement, instead = ""): string {
  return doc.text.slice(0, gapBefore(doc, element).start) + instead + doc.text.slice(element.end);
}

/** The text with another source in the place of an element. */
export function withRaw(doc: XmlDoc, element: XmlElement, raw: string): string {
  return raw === rawOf(doc, element) ? doc.text : doc.text.slice(0, element.start) + raw + doc.text.slice(element.end);
}

export function noPlace(file: string, field: string, why: string, hint?: string): AcrnError {
  return new AcrnError("scenario.no-place", `${field} cannot be written: ${why}`, {
    where: { file },
    hint: hint ?? "Name a VM of this scenario that can have it, or leave it out.",
  });
}
