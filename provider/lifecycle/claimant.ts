import type { Claimant } from "../core/claims/owners";
import { type Bag, hiddenOf } from "./bag";

/** Who a resource is on the machine's ledger: as the program says now, and as the state said before (an alias, a renamed stack). */
export function claimantFrom(kind: string, news: Bag, olds: Bag): Claimant {
  const { urn, stack } = hiddenOf(news);
  const before = hiddenOf(olds);
  const urns = before.urn && before.urn !== urn ? [urn, before.urn] : [urn];
  return before.stack && before.stack !== stack
    ? { stack, stackBefore: before.stack, kind, urns }
    : { stack, kind, urns };
}
