import { shellQuote } from "../../../core/text/shell-quote";
import { HEAD, LIFE } from "../../scripts/base";
import { minify, sh } from "../../scripts/sh";
import { BUILD, GUARD } from "../script/build";

/**
 * A build on any machine: one session, one word a line in, answers out, each ended by `end WORD`; the first word ever said is `folder PATH`.
 *
 * - `put NAME SIZE SHA WIRE` and WIRE bytes (base64 of gzip): a file below the build's folder: `recipe`, `in/...`; `taken`.
 * - `run`: runs `recipe`. `log`, base64 lines and `.` for each piece of what it says; `beat`; `skipped BYTES` of a log that is too long; `status N`.
 * - `results`: `result SIZE SHA NAME` for each file in `out`. `get NAME`: base64 of gzip behind `| `.
 * - anything else, or the end of the input: the folder goes.
 */
export function buildShell(): string {
  return minify([HEAD, LIFE, BUILD(shellQuote(minify(GUARD))), ""].join("\n"));
}

/** Looks, writes nothing: `text` prints lines, which come back behind `| `. No glob, no line split of ours reaches it. */
export function lookShell(text: string): string {
  return minify(sh`${HEAD}
ROOT=$R PYTHONDONTWRITEBYTECODE=1 GIT_OPTIONAL_LOCKS=0
export ROOT PYTHONDONTWRITEBYTECODE GIT_OPTIONAL_LOCKS
x=$(printf %s '${Buffer.from(text, "utf8").toString("base64")}' | base64 -d)
sh -c "$x" </dev/null 2>/dev/null | sed 's/^/| /'
say 'end look'
`);
}
