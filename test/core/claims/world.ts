import { baseView } from "../../../provider/core/claims/base-view";
import { parseLedger, serialiseLedger } from "../../../provider/core/claims/ledger";
import { resolve } from "../../../provider/core/claims/resolve";
import type { Document, Ledger, Wish } from "../../../provider/core/claims/types";
import type { Plan } from "../../../provider/core/plan/types";
import { linesDocument } from "./lines-surface";

export interface Actor {
  stack: string;
  urn: string;
  id?: string;
  before?: string;
}

/** A machine of one file and one ledger; every step goes through the ledger's text, as it does on a host. */
export class World {
  ledgerText: string | undefined;
  #ids = 0;
  constructor(
    public text: string | undefined,
    readonly origin?: Document["origin"],
  ) {}

  get ledger(): Ledger {
    return parseLedger(this.ledgerText);
  }

  document(): Document {
    return linesDocument(this.text, this.origin);
  }

  plan(actor: Actor, wishes: Record<string, string | null> | undefined, id = "new"): { plan: Plan; ledger: Ledger } {
    const who = whoIs(actor);
    const list: Wish[] | undefined =
      wishes && Object.entries(wishes).map(([k, value]) => ({ field: `lines ${k}`, value }));
    return resolve(new Map([["lines", this.document()]]), this.ledger, { who, wishes: list, id });
  }

  /** Create (no id yet) or update; returns the claim's id. */
  claim(actor: Actor, wishes: Record<string, string | null>): { id: string; plan: Plan } {
    const id = actor.id ?? `id${++this.#ids}`;
    const { plan, ledger } = this.plan(actor, wishes, id);
    this.apply(plan, ledger);
    return { id, plan };
  }

  /** Delete by id, as the engine does it. */
  withdraw(id: string): Plan | undefined {
    const owner = this.ledger.owners[id];
    if (!owner) return undefined;
    const { plan, ledger } = this.plan({ stack: owner.stack, urn: owner.urn }, undefined);
    this.apply(plan, ledger);
    return plan;
  }

  base(actor: Actor) {
    return baseView(new Map([["lines", this.document()]]), this.ledger, whoIs(actor));
  }

  private apply(plan: Plan, ledger: Ledger): void {
    for (const file of plan.files) this.text = file.after;
    this.ledgerText = serialiseLedger(ledger);
  }
}

function whoIs({ stack, urn, before }: Actor) {
  return { stack, kind: "Thing", urns: before ? [urn, before] : [urn] };
}
