import { AcrnError } from "../errors";

/** Words without a meaning to the shell: these stay bare, so that shown commands read well. */
const PLAIN = /^[A-Za-z0-9_/.:@%+,-]+$/;

/** POSIX.1-2017, Shell Command Language, 2.4; `function`, `select`, `time` and `coproc` where shells add them. */
const RESERVED = new Set(
  "case coproc do done elif else esac fi for function if in select then time until while".split(" "),
);

/** One word for POSIX `sh` that stands for exactly `word`, in any position of a command. */
export function shellQuote(word: string): string {
  const bad = word.search(/\0|\p{Surrogate}/u);
  if (bad !== -1) {
    const what = word[bad] === "\0" ? "a NUL character" : "half of a surrogate pair";
    throw new AcrnError("shell.word", `a shell word cannot hold ${what} (at position ${bad + 1})`, {
      hint: "Remove that character from the value.",
    });
  }
  if (PLAIN.test(word) && !RESERVED.has(word)) return word;
  // Nothing is special between single quotes but the single quote itself (2.2.2).
  return `'${word.replaceAll("'", "'\\''")}'`;
}
