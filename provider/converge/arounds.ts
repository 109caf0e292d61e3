import type { Ledger, Owner } from "../core/claims/types";
import type { Around, Said, Say } from "./around";
import type { Draft } from "./draft";
import type { DeclaredHere } from "./final";
import { imageAround } from "./image/around";
import type { Machine } from "./machine";

/** By the type that the ledger records. */
const arounds: Record<string, Around<never>> = { HypervisorImage: imageAround };

/** Undefined for a kind that does nothing but plan and write files. */
export function aroundOf<A>(type: string): Around<A> | undefined {
  return Object.hasOwn(arounds, type) ? (arounds[type] as unknown as Around<A>) : undefined;
}

/**
 * In front of a withdrawal: what stays may need what goes.
 * @throws AcrnError where what the run declares does
 */
export function mayGo(draft: Draft, going: readonly Owner[], stays: Ledger, declared: readonly DeclaredHere[]): Said[] {
  const left = new Set(Object.values(stays.owners).map(({ kind }) => kind));
  const types = new Set(going.map(({ kind }) => kind));
  return [...types].flatMap((type) => (left.has(type) ? [] : (aroundOf(type)?.leave?.(draft, stays, declared) ?? [])));
}

/** Behind a withdrawal, whoever made it: what a kind has on the machine besides files goes with its last claim there. */
export async function clearUp(machine: Machine, gone: Iterable<string>, { owners }: Ledger, say: Say): Promise<void> {
  // another stack may have one too
  const left = new Set(Object.values(owners).map(({ kind }) => kind));
  for (const type of gone) if (!left.has(type)) await aroundOf(type)?.after(machine, say);
}
