import { closFaultsOf } from "../../core/acrn/clos/faults";
import { scenarioFile } from "../../core/acrn/scenario-document";
import type { Document, Documents, Wish } from "../../core/claims/types";
import type { Topology } from "../../core/hardware/types";
import { FIELDS, fieldIn } from "./fields";

const SHOWN = 5;

/**
 * RDT that was on before stays on, with whatever policies the file had then, and nobody looks after them any more: that is told, with
 * what is wrong with them for the VMs of today. Not where another stack's CacheClos holds them.
 */
export function leaves(after: Documents, topology: () => Topology, remaining: readonly Wish[]): string[] {
  if (remaining.some(({ field }) => field === FIELDS.rdt)) return [];
  const { text, file } = scenarioFile(after.get("scenario") as Document);
  if (text === undefined || fieldIn(after, FIELDS.rdt) !== true) return [];
  const faults = faultsOf(text, file, topology);
  const wrong = faults.slice(0, SHOWN).map((said) => `\n  ${said}`);
  const more = faults.length > SHOWN ? `\n  and ${faults.length - SHOWN} more (pulumi-acrn inspect)` : "";
  const found =
    faults.length === 0 ? "Nothing is wrong with them now." : `Wrong with them now:${wrong.join("")}${more}`;
  return [
    `T04: RDT stays on in the scenario, as it was before, with the policies that it had then; a VM that comes gets none, and the hypervisor divides by zero. ${found}`,
  ];
}

/** A board that cannot be read is no reason to keep a claim. */
function faultsOf(text: string, file: string, topology: () => Topology): string[] {
  try {
    const faults = closFaultsOf(text, file, topology()).filter(({ severity }) => severity === "error");
    return faults.map(({ rule, message }) => `${rule}: ${message}`);
  } catch (error) {
    return [`not known: ${(error as Error).message.split("\n")[0]}`];
  }
}
