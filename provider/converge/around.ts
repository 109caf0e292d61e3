import type { Ledger } from "../core/claims/types";
import type { Draft } from "./draft";
import type { DeclaredHere } from "./final";
import type { Machine } from "./machine";
import type { Planned } from "./plan-resource";

/** What one kind of resource does besides planning and writing files: to ask other machines, to build, to clear up. */
export interface Around<A> {
  /** Asked in each check before it plans; the answer goes into the arguments as `found`, and with them to the create. Writes nothing. */
  look(machine: Machine, draft: Draft, args: A): Promise<unknown>;
  /** What `before` will do, a line each, known after `look`: it makes an update of a resource whose files need none. */
  todo(args: A): string[];
  /** After the plan was agreed and before its files are written. What it makes is no file that anybody claims. */
  before(machine: Machine, args: A, planned: Planned, say: Say): Promise<void>;
  /**
   * Before the last claim of the kind is given back, under the lock of the transaction.
   * @param stays what remains claimed
   * @param declared what this run declares for the machine: that does not go with it
   * @returns what is to be known
   * @throws AcrnError where what the run declares would not run without it
   */
  leave?(draft: Draft, stays: Ledger, declared: readonly DeclaredHere[]): Said[];
  /** After the files have been given back. */
  after(machine: Machine, say: Say): Promise<void>;
}

/** A sentence for people. */
export interface Said {
  text: string;
  how: "info" | "warning";
}

/** @param passing something that the next one takes the place of: progress */
export type Say = (text: string, how?: "progress" | "info" | "warning") => void;
