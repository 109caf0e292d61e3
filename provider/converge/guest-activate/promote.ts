import { wholeId } from "../../core/acrn/file-document";
import { resolve } from "../../core/claims/resolve";
import { type Owner, splitField, type Wish } from "../../core/claims/types";
import { AcrnError } from "../../core/errors";
import { paramField } from "../../core/kernel/cmdline";
import { kernelEvidence } from "../../core/kernel/evidence";
import { heightsOf, linesOf } from "../../core/kernel/heights";
import { findBootPlace } from "../../core/kernel/loader";
import { trialDocumentId, trialId } from "../../core/kernel/trial";
import { watchFiles } from "../../core/kernel/trial/watch";
import { compact } from "../../core/plan/render-compact";
import type { Snapshot } from "../../core/snapshot";
import { apply } from "../apply";
import { type Draft, withDocuments } from "../draft";
import type { Machine } from "../machine";
import { withOwed } from "../owed";
import { claimantOf, documentsAfter, type Planned } from "../plan-resource";
import type { WaitingTrial } from "./plan";

/**
 * What was tried becomes the default, in one transaction: the parameters in their place, the entry and its unit gone, the menu made anew, and read again. By the
 * ledger and the entry's own note alone, so that whoever confirms it needs no program.
 */
export async function promote(
  machine: Machine,
  trial: WaitingTrial,
  progress: (what: string) => void,
): Promise<string> {
  const { snapshot } = await apply(machine, { plan: (draft) => planPromotion(draft, trial), progress });
  reached(snapshot, trial, machine.address);
  return `the new kernel line is the default (${trialId(trial.note.id)} is gone)`;
}

/** The same claims but for the trial's, and those of the line instead. */
export function planPromotion(given: Draft, { owner: id, note, customCfg }: WaitingTrial): Planned {
  const draft = withDocuments(given, [note.line]);
  const owner: Owner | undefined = draft.ledger.owners[id];
  if (!owner)
    throw new AcrnError("trial.gone", "whoever declared this trial is not on the machine any more", {
      hint: "Nothing is promoted. Run `pulumi up`.",
    });
  const wishes = [...keptBy(draft, id, customCfg, note.line), ...wishesOf(note)];
  const { plan, ledger } = resolve(draft.documents, draft.ledger, { who: claimantOf(owner), wishes, id });
  const whole = withOwed(draft, plan);
  return {
    plan: whole,
    lines: compact(whole),
    ledger,
    documents: documentsAfter(draft.documents, plan),
    outputs: {},
    pending: [],
    warnings: [],
    refusals: [],
    reasons: [],
  };
}

function keptBy({ ledger }: Draft, id: string, customCfg: string, line: string): Wish[] {
  const units = new Set([...watchFiles("rtvm").keys()].map(wholeId));
  const goes = (field: string) => [trialDocumentId(customCfg), line].includes(splitField(field)[0]) || units.has(field);
  return Object.entries(ledger.fields).flatMap(([field, { claims }]) =>
    claims[id] === undefined || goes(field) ? [] : [{ field, value: claims[id] }],
  );
}

function wishesOf({ line, params, claims }: WaitingTrial["note"]): Wish[] {
  return claims.flatMap((key) => {
    const value = params[key];
    return value === undefined ? [] : [{ field: `${line} ${paramField(key)}`, value }];
  });
}

/** The generated file, read again: what it says boots next. */
function reached(snapshot: Snapshot, { note }: WaitingTrial, label: string): void {
  const evidence = kernelEvidence(snapshot, false);
  const place = findBootPlace(evidence);
  const { generated } = place.known ? linesOf(evidence, place) : {};
  if (generated === undefined) return;
  const missing = heightsOf(note.params, { generated }).filter(({ state }) => state === "pending");
  if (missing.length === 0) return;
  const names = missing.map(({ key }) => key).join(", ");
  throw new AcrnError("kernel.not-generated", `${label}: ${names} did not reach the menu that the boot loader reads`, {
    hint: "What was written is in its place, and the menu was made anew without it: look for what else sets these in /etc/default/grub.d or /etc/grub.d.",
  });
}
