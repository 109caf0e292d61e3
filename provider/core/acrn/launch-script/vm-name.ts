import { literal } from "./literal";
import type { Token } from "./tokens";

/** Words that only start another command. */
const STARTERS = new Set(["sudo", "exec", "nohup", "command", "env", "setsid", "time", "then", "do", "else", "{", "!"]);

/** Scripts that start more are nobody's launch script. */
const MOST_CALLS = 16;

/** The name that acrn-dm gets as its last argument; else what the head of a generated script says. */
export function vmNameIn(tokens: readonly Token[], text: string): string | undefined {
  const calls = commands(tokens).filter(runsDeviceModel);
  if (calls.length > MOST_CALLS) return undefined;
  const names = calls.map((words) => lastArgument(words, tokens));
  if (calls.length > 1) return names.every((name) => name === names[0]) ? names[0] : undefined;
  return names[0] ?? headerName(text);
}

/** Written by launch_cfg_gen.py for every 3.x script. */
function headerName(text: string): string | undefined {
  const found = text.match(/^# Launch script for VM name:[ \t]{0,8}(\S{1,127})[ \t]{0,8}\r?$/gm) ?? [];
  return found.length === 1 ? found[0].replace(/\r$/, "").trim().split(/[ \t]/).at(-1) : undefined;
}

/** Simple commands as lists of words; redirections (`2> log`, `2>&1`) are left out. */
function commands(tokens: readonly Token[]): string[][] {
  const out: string[][] = [];
  let words: string[] = [];
  let redirected = false;
  for (const { kind, text } of tokens) {
    if (kind === "word") {
      if (!redirected) words.push(text);
      redirected = false;
    } else if (text === "<" || text === ">") {
      // A number before it is a file descriptor: VM names begin with a letter (reference 1.4).
      if (/^\d$/.test(words.at(-1) ?? "")) words.pop();
      redirected = true;
    } else if (!(redirected && text === "&")) {
      out.push(words);
      words = [];
      redirected = false;
    }
  }
  return [...out, words];
}

function runsDeviceModel(words: readonly string[]): boolean {
  const name = words.find((word) => !STARTERS.has(word) && !/^[A-Za-z_]\w*=/.test(word) && !/^-/.test(word));
  return name !== undefined && (name === "acrn-dm" || name.endsWith("/acrn-dm"));
}

function lastArgument(words: readonly string[], tokens: readonly Token[]): string | undefined {
  const last = words.at(-1);
  if (last === undefined || words.length < 2) return undefined;
  const array = /^"?\$\{([A-Za-z_]\w{0,63})\[[@*]\]\}"?$/.exec(last)?.[1];
  const name = array === undefined ? literal(last, tokens) : lastOfArray(array, tokens);
  return name?.startsWith("-") ? undefined : name;
}

/** `dm_params=( ... )`: `name=` is a word, `(` an operator. */
function lastOfArray(name: string, tokens: readonly Token[]): string | undefined {
  const starts = tokens.flatMap(({ text }, at) => (text === `${name}=` && tokens[at + 1]?.text === "(" ? [at] : []));
  const changed = tokens.some(({ text }) => text.startsWith(`${name}+=`) || text.startsWith(`${name}[`));
  if (starts.length !== 1 || changed) return undefined;
  const open = (starts[0] as number) + 1;
  const close = tokens.findIndex(({ kind, text }, at) => at > open && kind === "operator" && text === ")");
  const words = tokens.slice(open, close < 0 ? undefined : close).filter(({ kind }) => kind === "word");
  const last = words.at(-1);
  return last && close > 0 ? literal(last.text, tokens) : undefined;
}
