import { AcrnError, type Place } from "../../../core/errors";
import { placeAt } from "../../../core/text/place";
import { rawWords, splitWords, type Word } from "./words";

/** One directive of an ssh_config. */
export interface ConfigLine {
  /** In lower case. */
  keyword: string;
  words: readonly Word[];
  /** All that follows the keyword, as it stands: what commands are made of. */
  rest: string;
  /** Where the keyword stands, or what is at `at`. */
  place(at?: number): Place;
}

/**
 * Splits an ssh_config into directives: a line is a keyword and its arguments, `=` between them is allowed once, there are
 * no continuation lines (OpenSSH's readconf.c, process_config_line_depth). Own code: the npm packages that parse
 * ssh_config know neither the quoting of today's ssh nor where an argument stands.
 */
export function* configLines(text: string, file: string): Generator<ConfigLine> {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  for (const [index, start] of starts.entries()) {
    const end = (starts[index + 1] ?? text.length + 1) - 1;
    const line = directive(text, start, end, (at) => placeAt(text, at, file, starts));
    if (line) yield line;
  }
}

const BLANK = /[ \t\r]*/y;
const KEYWORD = /(?:"([^"\n]*)"[ \t\r]*|([^ \t\r\n"=]*)(?:(?=")|[ \t\r]*(?:=[ \t\r]*)?))/y;
/** A form feed is white space at the end of a line only. */
const TRAILING = " \t\r\f";

/** Taken as it stands, but for a remark (readconf.c, parse_jump). */
const RAW = new Set(["proxyjump"]);

function directive(text: string, start: number, end: number, at: (offset: number) => Place): ConfigLine | undefined {
  let to = end;
  // from behind: a pattern for it would look at each run of blanks once for every blank in it
  while (to > start && TRAILING.includes(text[to - 1] as string)) to--;
  BLANK.lastIndex = start;
  const from = start + (BLANK.exec(text)?.[0].length ?? 0);
  if (from >= to || text[from] === "#") return undefined;
  KEYWORD.lastIndex = from;
  const match = KEYWORD.exec(text) as RegExpExecArray;
  const keyword = (match[1] ?? match[2] ?? "").toLowerCase();
  const rest = Math.min(from + match[0].length, to);
  if (keyword === "" || (match[1] === undefined && text[rest] === '"' && match[0].length === keyword.length)) {
    throw syntax("cannot read the line", at(from), "A line is a keyword and its value (ssh_config(5)).");
  }
  if (rest === to) throw syntax(`${keyword} has no value`, at(from), "Write the value behind it, or remove the line.");
  const words = RAW.has(keyword) ? rawWords(text, rest, to) : splitWords(text, rest, to);
  if (!words) throw syntax("a quote is not closed", at(rest), 'Close it on the same line, or write \\" for a quote.');
  return { keyword, words, rest: text.slice(rest, to), place: (offset = from) => at(offset) };
}

/** An ssh_config that ssh does not read either. */
export function syntax(summary: string, where: Place, hint: string): AcrnError {
  return new AcrnError("ssh.config.syntax", summary, { where, hint });
}
