import type { Place } from "../errors";
import { placeAt } from "./place";

/** Nothing of ours is nested nearly as deep, and what reads values by recursion must come to an end. */
export const JSON_DEPTH = 64;

type Path = readonly PropertyKey[];

/**
 * Where a JSON text (RFC 8259) stops being JSON or gets too deep; with a path, where the value at it stands, or the
 * nearest one around it. JSON.parse has no places, so this is asked once something is wrong.
 */
export function placeInJson(text: string, file: string, path?: Path): Place {
  const found = new Map<string, number>();
  const reader = new Reader(text, (at, offset) => void found.set(JSON.stringify(at), offset));
  const bad = reader.badOffset();
  if (path === undefined) return placeAt(text, bad ?? 0, file);
  for (let length = path.length; length > 0; length--) {
    const offset = found.get(JSON.stringify(path.slice(0, length).map(String)));
    if (offset !== undefined) return placeAt(text, offset, file);
  }
  return placeAt(text, found.get("[]") ?? 0, file);
}

/** Thrown and caught here: the text is no JSON from `at` on. */
class Bad {}

class Reader {
  private at = 0;
  private readonly path: string[] = [];

  constructor(
    private readonly text: string,
    private readonly visit: (path: readonly string[], offset: number) => void,
  ) {}

  /** Undefined: all of it is JSON. */
  badOffset(): number | undefined {
    try {
      this.value();
      if (this.at < this.text.length) throw new Bad();
      return undefined;
    } catch (error) {
      if (error instanceof Bad) return this.at;
      throw error;
    }
  }

  private value(): void {
    this.space();
    this.visit(this.path, this.at);
    const char = this.text[this.at];
    if (char === "{") this.list("}", () => this.member());
    else if (char === "[") this.list("]", (index) => this.below(String(index)));
    else if (char === '"') this.string();
    else this.take(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    this.space();
  }

  private list(end: string, item: (index: number) => void): void {
    if (this.path.length >= JSON_DEPTH) throw new Bad();
    this.at++;
    this.space();
    for (let index = 0; this.text[this.at] !== end; index++) {
      if (index > 0) this.take(/,/y);
      item(index);
    }
    this.at++;
  }

  private member(): void {
    this.space();
    const key = this.string();
    this.space();
    this.take(/:/y);
    this.below(key);
  }

  private below(key: string): void {
    this.path.push(key);
    this.value();
    this.path.pop();
  }

  /** Section 7: controls are escaped. Walked from one special character to the next. */
  private string(): string {
    const start = this.at;
    this.take(/"/y);
    for (;;) {
      this.take(/[^"\\\x00-\x1f]*/y);
      if (this.text[this.at] === '"') break;
      this.take(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y);
    }
    this.at++;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private space(): void {
    this.take(/[ \t\r\n]*/y);
  }

  private take(what: RegExp): void {
    what.lastIndex = this.at;
    const found = what.exec(this.text);
    if (!found) throw new Bad();
    this.at += found[0].length;
  }
}
