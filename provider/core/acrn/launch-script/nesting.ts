/** What may stand within other text of a word: `"`, a backquote, `$(`, a bare `(` in one, `${`, `'`. */
type Opener = '"' | "`" | "(" | "{" | "'";

/** What opens at a place of a word; within double quotes an apostrophe is a character like others (POSIX.1-2017, 2.2.3). */
export function opens(text: string, at: number, quoted: boolean): Opener | undefined {
  const char = text[at];
  if (char === '"' || char === "`") return char;
  if (char === "'") return quoted ? undefined : char;
  if (char !== "$") return undefined;
  const next = text[at + 1];
  return next === "(" || next === "{" ? next : undefined;
}

/**
 * Where the quotes or the substitution that open at `at` end; the end of the text where they are left open. One pass with
 * a stack of what is open, so that nested quotes pair up as a shell pairs them.
 */
export function nestedEnd(text: string, at: number): number {
  const stack: Opener[] = [];
  for (let next = at; next < text.length; ) {
    next = step(text, next, stack);
    if (stack.length === 0) return Math.min(next, text.length);
  }
  return text.length;
}

const CLOSERS: Readonly<Record<Opener, string>> = { '"': '"', "`": "`", "(": ")", "{": "}", "'": "'" };

function step(text: string, at: number, stack: Opener[]): number {
  const inner = stack.at(-1);
  const char = text[at];
  if (char === "\\") return at + 2;
  if (inner !== undefined && char === CLOSERS[inner]) {
    stack.pop();
    return at + 1;
  }
  // The first backquote that is not escaped ends a substitution, whatever stands before it (2.6.3).
  if (inner === "`") return at + 1;
  // In `${...}` within double quotes apostrophes are still characters.
  const quoted = inner === '"' || (inner === "{" && stack.at(-2) === '"');
  const opener = inner === "(" && char === "(" ? "(" : opens(text, at, quoted);
  if (opener === "'") return past(text, "'", at + 1, stack);
  if (opener === undefined) return at + 1;
  stack.push(opener);
  return at + (char === "$" ? 2 : 1);
}

/** Left open, the quotes stay on the stack: then nothing closes any more. */
function past(text: string, what: string, from: number, stack: Opener[]): number {
  const end = text.indexOf(what, from);
  if (end >= 0) return end + what.length;
  stack.push("'");
  return text.length;
}
