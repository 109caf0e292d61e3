import { AcrnError } from "../../errors";
import { remembered } from "../../text/remembered";
import {
  childrenNamed,
  find,
  lineOf,
  parseXml,
  placeOf,
  rawOf,
  reparsed,
  trimSpace,
  type XmlDoc,
  type XmlElement,
} from "../../xml";
import type { Dialect, Scenario, VmView } from "../types";
import { dialectOf } from "./dialect";
import { readVm } from "./vm";

/** A scenario with the elements behind its view, for edits. */
export interface OpenScenario {
  doc: XmlDoc;
  dialect: Dialect;
  dialectEvidence: string;
  vms: { view: VmView; element: XmlElement }[];
}

/** One typed view of a scenario file of either dialect (reference 2, 2.2). A broken file is an AcrnError with its place. */
export function readScenario(text: string, file: string): Scenario {
  const { doc, dialect, dialectEvidence, vms } = openScenario(text, file);
  const enabled = find(doc.root, "hv/FEATURES/RDT/RDT_ENABLED");
  return {
    dialect,
    dialectEvidence,
    rdtEnabled: enabled !== undefined && trimSpace(enabled.value) === "y",
    vms: vms.map(({ view }) => view),
  };
}

/**
 * A field's edit leaves this document behind and opens another: see core/text/remembered.ts. Of what it left, most is
 * the same.
 */
export const openScenario = remembered<OpenScenario>((text, file, like) => {
  if (like?.doc.text === text) return { ...like, doc: { ...like.doc, file } };
  const doc = (like && reparsed(like.doc, text, file)) ?? parseXml(text, file);
  checkRoot(doc);
  const { dialect, evidence } = dialectOf(doc);
  const vms = childrenNamed(doc.root, "vm").map((element, at) => ({
    element,
    view: sameVm(doc, element, dialect, at, like) ?? readVm(doc, element, dialect),
  }));
  unique(doc, vms, "duplicate-id", (view) => `id ${view.id}`, "Ids of VMs are unique: give one of them another.");
  unique(
    doc,
    vms,
    "duplicate-name",
    (view) => view.name && `name ${view.name}`,
    "Rename one of them: ACRN finds VMs by name.",
  );
  unique(doc, vms, "duplicate-name", (view) => `name ${view.key}`, "A name may not look like the id of a nameless VM.");
  return { doc, dialect, dialectEvidence: evidence, vms };
});

/** The view of a VM whose source is the one that another scenario has at that place; only its line may be another. */
function sameVm(
  doc: XmlDoc,
  element: XmlElement,
  dialect: Dialect,
  at: number,
  like: OpenScenario | undefined,
): VmView | undefined {
  const known = like?.dialect === dialect ? like.vms[at] : undefined;
  if (!like || !known || rawOf(like.doc, known.element) !== rawOf(doc, element)) return undefined;
  const line = lineOf(doc, element);
  return line === known.view.line ? known.view : { ...known.view, line };
}

function checkRoot(doc: XmlDoc): void {
  const { root } = doc;
  const fail = (code: string, summary: string, hint: string, at: XmlElement = root): never => {
    throw new AcrnError(`scenario.${code}`, summary, { where: placeOf(doc, at), hint });
  };
  // Reference 2.2: launch data lies in a file of its own up to v2.7, told by this attribute.
  if (root.attributes.has("uos_launcher") || root.attributes.has("user_vm_launcher"))
    fail(
      "launch-file",
      "this is a launch file, not a scenario",
      "Give the scenario that belongs to it (the file with <hv> and <vm>).",
    );
  if (root.name !== "acrn-config")
    fail("root", `the root is <${root.name}>, not <acrn-config>`, "Give an ACRN scenario file.");
  const [hv, second] = childrenNamed(root, "hv");
  if (!hv) {
    const board = find(root, "processors") ?? find(root, "BASE_BOARD_INFO") ?? find(root, "CPU_PROCESSOR_INFO");
    const hint = board
      ? "This looks like a board file: give the scenario file."
      : "Every scenario has exactly one <hv>.";
    fail("hv", "no <hv> element", hint);
  }
  if (second) fail("hv", "a second <hv> element", "Every scenario has exactly one: remove this or the other.", second);
  if (childrenNamed(root, "vm").length === 0) fail("no-vm", "no <vm> element", "Every scenario has at least one VM.");
}

function unique(
  doc: XmlDoc,
  vms: OpenScenario["vms"],
  code: string,
  label: (view: VmView) => string | undefined,
  hint: string,
): void {
  const seen = new Map<string, number>();
  for (const { view, element } of vms) {
    const name = label(view);
    if (name === undefined) continue;
    const first = seen.get(name);
    if (first !== undefined)
      throw new AcrnError(`scenario.${code}`, `a second VM with ${name}; the first is on line ${first}`, {
        where: placeOf(doc, element),
        hint,
      });
    seen.set(name, view.line);
  }
}
