import { AcrnError } from "../core/errors";

/** Something that one resource of a machine has for itself, such as a launch script: two that are declared for it would each undo the other. */
export interface Alone {
  /** The same for two that mean the same: `VM RT`, `file /root/rt.sh`. */
  key: string;
  /** In words: `the VM RT`. */
  what: string;
  property: string;
  hint: string;
}

/** Who has what, of the resources that one run declares for one machine: key -> URN or name. */
export type Taken = Map<string, string>;

/**
 * Notes down what a resource has for itself; what it had before in this run, under other arguments, it has no longer.
 * @throws AcrnError `declared.taken` on the property, which names the other one
 */
export function takeAlone(taken: Taken, who: string, list: readonly Alone[], nameOf = (of: string) => of): void {
  for (const [key, holder] of taken) if (holder === who) taken.delete(key);
  for (const { key, what, property, hint } of list) {
    const other = taken.get(key);
    if (other !== undefined && other !== who)
      throw new AcrnError("declared.taken", `${what} is ${nameOf(other)}'s already, which this run declares too`, {
        property,
        hint,
      });
    taken.set(key, who);
  }
}
