import { AcrnError } from "../../errors";
import { childrenNamed, find, lineOf, placeOf, type XmlDoc, type XmlElement } from "../../xml";
import type { Dialect } from "../types";

/** Any of these below `vm` proves 2.x [v2.5 misc/config_tools/schema; reference 2.2]. */
const OLD_VM_PARTS = ["guest_flags", "clos", "legacy_vuart", "cpu_affinity/pcpu_id"];

/** Which ACRN the file was written for, and by what it was told. 3.x wins: v3.0 still has MCE_ON_PSC_DISABLED. */
export function dialectOf(doc: XmlDoc): { dialect: Dialect; evidence: string } {
  const vms = childrenNamed(doc.root, "vm");
  const found = (part: string): XmlElement | undefined => vms.map((vm) => find(vm, part)).find((each) => each);
  const load = found("load_order");
  if (load) return { dialect: "3.x", evidence: `vm/load_order (line ${lineOf(doc, load)})` };
  for (const part of OLD_VM_PARTS) {
    const element = found(part);
    if (element) return { dialect: "2.x", evidence: `vm/${part} (line ${lineOf(doc, element)})` };
  }
  const mce = find(doc.root, "hv/FEATURES/MCE_ON_PSC_DISABLED");
  if (mce && find(doc.root, "hv/DEBUG_OPTIONS/RELEASE"))
    return { dialect: "2.x", evidence: `MCE_ON_PSC_DISABLED with DEBUG_OPTIONS/RELEASE (line ${lineOf(doc, mce)})` };
  throw new AcrnError("scenario.dialect", "neither a 2.x nor a 3.x scenario: no element tells", {
    where: placeOf(doc, doc.root),
    hint:
      `3.x has vm/load_order; 2.x has ${OLD_VM_PARTS.map((part) => `vm/${part}`).join(", ")}, ` +
      "or hv/FEATURES/MCE_ON_PSC_DISABLED with hv/DEBUG_OPTIONS/RELEASE. Give the scenario file that ACRN was built from.",
  });
}
