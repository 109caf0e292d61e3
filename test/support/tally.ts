import assert from "node:assert/strict";

/**
 * Counts how tries ended in which something was cut, killed or refused, and prints the line that the issue asks for:
 * `NAME: tried 312, old 201, new 111, torn 0, lost 0`. Call `check` in an `after`: it prints, and fails on anything torn or lost,
 * and on a sweep that saw only one of the two good ends (then the fault was not where it was meant to be).
 *
 * - old, new: every file as before, or as declared, and whoever asked was told so.
 * - torn: a file that is neither, or files of both kinds at once.
 * - lost: the end is good but something is not: a mode, owner, ACL or link, a file of somebody else's, a wrong word to the user,
 *   or something of ours left behind after the next contact.
 */
export class Tally {
  private tried = 0;
  private readonly ends = { old: 0, new: 0 };
  private readonly torn: string[] = [];
  private readonly lost: string[] = [];

  constructor(private readonly name: string) {}

  /** @param where names the try, so that it can be run again */
  add(end: "old" | "new" | "torn" | "lost", where: string): void {
    this.tried++;
    if (end === "torn" || end === "lost") this[end].push(where);
    else this.ends[end]++;
  }

  get count(): number {
    return this.tried;
  }

  get line(): string {
    const { tried, ends, torn, lost } = this;
    return `${this.name}: tried ${tried}, old ${ends.old}, new ${ends.new}, torn ${torn.length}, lost ${lost.length}`;
  }

  /** @param both whether the sweep must have seen the old and the new end. @default true */
  check({ both = true } = {}): void {
    console.log(`        ${this.line}`);
    assert.deepEqual({ torn: this.torn.slice(0, 10), lost: this.lost.slice(0, 10) }, { torn: [], lost: [] }, this.line);
    assert.ok(this.tried > 0, `${this.name}: nothing was tried`);
    if (both) assert.ok(this.ends.old > 0 && this.ends.new > 0, `${this.line}: both ends were to be seen`);
  }
}
