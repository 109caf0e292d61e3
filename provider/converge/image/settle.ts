import { wholeId } from "../../core/acrn/file-document";
import { vmOfField } from "../../core/acrn/scenario-surface";
import type { Ledger, Owner } from "../../core/claims/types";
import { isEmpty } from "../../core/plan/types";
import { ImageSession } from "../../host/image/session";
import type { ResourceKind } from "../../resources/kind";
import { waitingPath } from "../../resources/rt-vm/schema";
import { claimedRtVm } from "../../resources/rt-vm/settled";
import { fitsDefault, scriptsBeside } from "../activate/beside";
import { apply } from "../apply";
import type { Say } from "../around";
import type { Draft } from "../draft";
import type { DeclaredHere } from "../final";
import type { Machine } from "../machine";
import { claimantOf, planResource } from "../plan-resource";

/**
 * The image is confirmed, so what waited for it does not wait any more: each RtVm of the run is planned again on the new evidence, and its canonical script gets
 * what was kept for this image; one that no program of the run declares follows by its claims. A copy beside the image goes when the canonical script
 * starts that VM on it. What else may differ by now is left to the next preview.
 * Under the lock of activations.
 */
export async function settle(machine: Machine, id: string, declared: readonly DeclaredHere[], say: Say): Promise<void> {
  machine.forget();
  const rtVms = declared.filter((each) => each.kind.type === "RtVm");
  const { ledger } = await machine.draft();
  for (const { kind, who, args } of [...rtVms, ...undeclared(ledger, rtVms)]) {
    const plan = (draft: Draft) => planResource(draft, kind, who, args as never);
    const planned = plan(await machine.draft(kind.files?.(args as never) ?? []));
    if (planned.refusals.length > 0 || isEmpty(planned.plan) || !onlyScripts(planned.plan.files)) continue;
    await apply(machine, { plan, agreed: planned.lines });
    say("launch scripts that waited for the image are in their places", "progress");
  }
  machine.forget();
  const stay = stillNeeded(await machine.draft(), id);
  const session = await ImageSession.open(machine.target());
  try {
    await session.keepScripts(id, stay);
  } finally {
    await session.close();
    machine.forget();
  }
}

/** Beside the new default: of VMs whose canonical script it refuses, so that nothing else would start them at its next boot. */
function stillNeeded(draft: Draft, id: string): string[] {
  return scriptsBeside(draft, id).flatMap(({ name, vm }) => (fitsDefault(draft, vm) ? [] : [name]));
}

/** RtVms of other programs, or all of them on the command line, which has none. */
function undeclared(ledger: Ledger, declared: readonly DeclaredHere[]): DeclaredHere[] {
  const known = ({ stack, urn }: Owner) => declared.some(({ who }) => who.stack === stack && who.urns.includes(urn));
  return Object.values(ledger.owners).flatMap((owner) => {
    const name = owner.kind === "RtVm" && !known(owner) ? vmOf(ledger, owner) : undefined;
    if (name === undefined) return [];
    const kind = claimedRtVm as unknown as ResourceKind<never>;
    return [{ urn: owner.urn, kind, who: claimantOf(owner), args: { name } }];
  });
}

/** The VM for which it has something that waits. */
function vmOf({ fields }: Ledger, { id }: Owner): string | undefined {
  const has = (field: string) => Object.hasOwn(fields[field]?.claims ?? {}, id);
  const names = Object.keys(fields).flatMap((field) => (has(field) ? (vmOfField(field)?.vm ?? []) : []));
  return names.find((name) => has(wholeId(waitingPath(name))));
}

function onlyScripts(files: readonly { path: string }[]): boolean {
  return files.every(({ path }) => path.endsWith(".sh") || path.endsWith(".args"));
}
