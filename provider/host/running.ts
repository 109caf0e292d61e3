import { AcrnError } from "../core/errors";
import { isRunningText, oneBlank, type RunningValue } from "../core/running-value";
import { badFrame } from "./errors";
import { harmless } from "./launch";
import { runningScript } from "./scripts/running";
import { Session, type SessionOptions } from "./session";
import type { Target } from "./types";

/** So many words of a machine are listened to. */
const LINES = 1000;

/** A value that is another one after it was set. */
export interface Untaken {
  path: string;
  /** What people call it. @default the path */
  name?: string;
  value: RunningValue["value"];
  /** Undefined: there is no such file. */
  now: string | undefined;
}

export interface Tried {
  untaken: readonly Untaken[];
  /** What the machine said of writes that failed; of a pair the first may have to. */
  words: readonly string[];
}

/** Sets values of the running kernel, in this order, and tells by reading back which it did not take. Doing it again changes nothing. */
export async function setRunning(
  target: Target,
  values: readonly RunningValue[],
  options?: SessionOptions,
): Promise<Tried> {
  const session = await Session.start(target, runningScript(), options);
  try {
    session.send(`${values.flatMap(lineOf).join("\n")}\ngo\n`);
    const said = await answers(session);
    const last = [...new Map(values.map(({ path, value }) => [path, value]))];
    const untaken = last.flatMap(([path, value]) => {
      const now = said.now.get(path);
      return now !== undefined && sameText(now, value)
        ? []
        : [{ path, value, now: now === undefined ? undefined : harmless(now) }];
    });
    return { untaken, words: said.errors.map((words) => harmless(words)) };
  } finally {
    await session.close();
  }
}

/** Nothing but a line: what is no value would be another one's, or the end. */
function lineOf({ path, value }: RunningValue): string[] {
  return isRunningText(`${path} ${value}`) ? [`${path} ${value}`] : [];
}

/** The kernel prints white space as it likes. */
function sameText(now: string, value: RunningValue["value"]): boolean {
  return oneBlank(now) === oneBlank(String(value));
}

interface Said {
  now: Map<string, string>;
  errors: string[];
}

async function answers(session: Session): Promise<Said> {
  const said: Said = { now: new Map(), errors: [] };
  let left = LINES;
  for (let line = await session.line(); line !== "end set"; line = await session.line()) {
    const value = /^v (\S+) (.*)$/.exec(line);
    if (value) said.now.set(value[1] as string, value[2] as string);
    else if (line.startsWith("e ")) said.errors.push(line.slice(2));
    else if (line !== "") throw badFrame(session.label, JSON.stringify(line.slice(0, 80)));
    if (left-- === 0) throw badFrame(session.label, `more than ${LINES} lines`);
  }
  return said;
}

/** For values that were declared: their files are written by then, or were before. */
export function notTaken(label: string, untaken: readonly Untaken[], words: readonly string[]): AcrnError {
  const list = untaken.map(({ path, name = path, value, now }) => `${name} is ${now ?? "not there"}, not ${value}`);
  const said = words.length > 0 ? `It said: ${words.join("; ")}. ` : "";
  return new AcrnError("running.refused", `${label}: the kernel did not take a value: ${list.join("; ")}`, {
    hint: `${said}The files are written; the next boot tries again, and so does the next up. Look at dmesg on the machine.`,
  });
}
