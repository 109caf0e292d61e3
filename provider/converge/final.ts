import type { Claimant } from "../core/claims/owners";
import type { ResourceKind } from "../resources/kind";
import type { Draft } from "./draft";
import { type Planned, planResource } from "./plan-resource";

/** One declaration of a run, as its check saw it. */
export interface DeclaredHere {
  urn: string;
  kind: ResourceKind<never>;
  who: Claimant;
  args: unknown;
}

/** The machine as a plan leaves it: what the next declaration of the same run may build upon. */
export function after(draft: Draft, { documents, ledger }: Pick<Planned, "documents" | "ledger">): Draft {
  return { ...draft, documents, ledger };
}

/**
 * The machine as all declarations of a run leave it. In the order of their URNs, so that it is the same whatever order the engine checked them in;
 * each was planned on its own before, so none is refused here for another's sake. Those that build on all others come after them.
 */
export function finalDraft(draft: Draft, declared: readonly DeclaredHere[]): Draft {
  const rank = ({ kind, urn }: DeclaredHere) => `${kind.last ? 1 : 0} ${urn}`;
  const sorted = [...declared].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return sorted.reduce((now, { kind, who, args }) => after(now, planResource(now, kind, who, args as never)), draft);
}
