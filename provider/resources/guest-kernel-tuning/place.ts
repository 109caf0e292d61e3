import { getParam } from "../../core/kernel/cmdline";
import { lineId } from "../../core/kernel/document";
import { kernelEvidence } from "../../core/kernel/evidence";
import { type BootPlace, type Finding, findBootPlace, type KernelEvidence } from "../../core/kernel/loader";
import { alsoSetIn } from "../../core/kernel/place";
import type { Refusal } from "../../core/plan/types";
import type { Snapshot } from "../../core/snapshot";
import type { GuestMachine } from "../../core/tuning/guest/machine";
import type { Params } from "./wanted";

/** Where a guest's kernel line is written: in a file of its own, or in what launches it. */
export type Place =
  | { kind: "file"; place: BootPlace; line: string; evidence: KernelEvidence }
  | { kind: "launch"; vm: string; evidence: KernelEvidence }
  | { kind: "none"; refusal: Refusal };

export function placeOf(snapshot: Snapshot, machine: GuestMachine): Place {
  // an OVMF without `vars=` forgets what it was told; whether it has them the guest cannot tell (reference 7b)
  const evidence = kernelEvidence(snapshot, machine.kind === "rtvm");
  const found = findBootPlace(evidence);
  if (found.known && found.file !== undefined)
    return { kind: "file", place: found, line: lineId(found, found.file), evidence };
  if (machine.kind === "rtvm" && !found.known && found.code === "unread" && launched(evidence))
    return { kind: "launch", vm: machine.vm, evidence };
  return { kind: "none", refusal: noPlace(found) };
}

/** Every boot loader in a guest says which kernel it loads; acrn-dm's `-k` and `-B` do not. */
function launched({ running }: KernelEvidence): boolean {
  return running !== undefined && getParam(running, "BOOT_IMAGE") === undefined;
}

function noPlace(found: Finding): Refusal {
  const none = { tip: "T10", code: "tuning.no-place", property: "kernelArgs" };
  if (found.known)
    return {
      ...none,
      message: `the kernel line is kept by ${found.loader}, which is asked by command and not written to`,
      hint: "Set the arguments with `rpm-ostree kargs --append-if-missing=...`, and leave them out here: an override of false for each.",
    };
  const where = found.file === undefined ? "" : ` (${found.file}${found.line === undefined ? "" : `:${found.line}`})`;
  return {
    ...none,
    message: `where the kernel line is read from cannot be told: ${found.why}${where}`,
    hint: found.hint,
  };
}

/** What another file puts on the same line would be there twice, and two owners would each undo the other. */
export function alsoSet(place: BootPlace, params: Params): Refusal[] {
  return Object.keys(params).flatMap((key) =>
    alsoSetIn(place, key)
      .slice(0, 1)
      .map(({ file, variable }) => ({
        tip: "T10",
        code: "tuning.also-set",
        property: `kernelArgs.${key}`,
        message: `${key} is also set in ${variable === undefined ? file : `${variable} of ${file}`}, which reaches the same line`,
        hint: `Take it out there, or leave it to that file: kernelArgs: { ${JSON.stringify(key)}: false }.`,
      })),
  );
}
