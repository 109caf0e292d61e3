import type { Draft } from "./draft";
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
  /** After the files have been given back. */
  after(machine: Machine, say: Say): Promise<void>;
}

/** @param passing something that the next one takes the place of: progress */
export type Say = (text: string, how?: "progress" | "info" | "warning") => void;
