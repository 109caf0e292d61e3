import { MAX_CPU_ID, parseCpuList } from "../../hardware/cpu-set";
import { literal } from "./literal";
import type { Token } from "./tokens";

const OPTION = "--cpu_affinity";

/** More lists, or longer ones, are not read: no VM has so many vCPUs. */
const MOST_LISTS = 64;

interface CpuList {
  line: number;
  /** Undefined: there is a list, but it is not literal. */
  cpus: number[] | undefined;
}

/**
 * The CPU list of the script. Calls of the generated `add_cpus` come first: that function's own body holds the option
 * too, with a list that only running it tells (reference 6.1).
 */
export function affinityIn(tokens: readonly Token[]): Partial<CpuList> {
  const words = tokens.flatMap((token, at) => (token.kind === "word" ? [{ token, at }] : []));
  const about = (what: string) => words.filter(({ token }) => token.text.includes(what)).slice(0, MOST_LISTS + 1);
  const calls = about("add_cpus").flatMap(({ at }) => addCpus(tokens, at) ?? []);
  const lists = calls.length > 0 ? calls : about(OPTION).flatMap(({ at }) => option(tokens, at) ?? []);
  const [first] = lists;
  if (!first) return {};
  if (lists.length > MOST_LISTS) return { line: first.line };
  const agreed = lists.every(({ cpus }) => cpus && cpus.join() === first.cpus?.join());
  return agreed && first.cpus ? { line: first.line, cpus: first.cpus } : { line: first.line };
}

/** `add_cpus 4 6`, alone, in backquotes or in `$(...)`; not its definition. */
function addCpus(tokens: readonly Token[], at: number): CpuList | undefined {
  const { text, line } = tokens[at] as Token;
  const call = substituted(text);
  if (call !== undefined) {
    const [name, ...rest] = call.trim().split(/\s+/);
    return name === "add_cpus" ? { line, cpus: numbers(rest, tokens) } : undefined;
  }
  if (text !== "add_cpus" || tokens[at - 1]?.text === "function" || tokens[at + 1]?.text === "(") return undefined;
  const end = tokens.findIndex(({ kind }, index) => index > at && kind !== "word");
  const rest = tokens.slice(at + 1, end < 0 ? undefined : end).map((token) => token.text);
  return { line, cpus: numbers(rest, tokens) };
}

function substituted(word: string): string | undefined {
  const text = word.startsWith('"') && word.endsWith('"') ? word.slice(1, -1) : word;
  if (text.length > 1 && text.startsWith("`") && text.endsWith("`")) return text.slice(1, -1);
  return text.startsWith("$(") && text.endsWith(")") ? text.slice(2, -1) : undefined;
}

function numbers(words: readonly string[], tokens: readonly Token[]): number[] | undefined {
  if (words.length > MOST_LISTS) return undefined;
  const values = words.map((word) => literal(word, tokens));
  return values.length > 0 ? list(values.join(",")) : undefined;
}

/** `--cpu_affinity 4,6`, with `=` too (getopt_long), in a word of its own or within a quoted string of options. */
function option(tokens: readonly Token[], at: number): CpuList | undefined {
  const { text, line } = tokens[at] as Token;
  const start = text.indexOf(OPTION);
  if (start < 0) return undefined;
  const rest = text.slice(start + OPTION.length);
  if (start === 0 && rest === "") {
    const next = tokens[at + 1];
    const value = next?.kind === "word" ? literal(next.text, tokens) : undefined;
    return { line, cpus: value === undefined ? undefined : list(value) };
  }
  const value =
    start === 0 && rest.startsWith("=")
      ? literal(rest.slice(1), tokens)
      : /^[ \t=]\s{0,20}([\d,-]{1,200})(?=[\s"']|$)/.exec(rest)?.[1];
  return { line, cpus: value === undefined ? undefined : list(value) };
}

/** 2.x takes ranges too (reference 6.2). */
function list(text: string): number[] | undefined {
  if (!/^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?){0,255}$/.test(text)) return undefined;
  try {
    return parseCpuList(text, `at most ${MAX_CPU_ID}`);
  } catch {
    return undefined;
  }
}
