import { AcrnError } from "../core/errors";
import type { RunningValue } from "../core/running-value";
import { badFrame } from "./errors";
import { harmless } from "./launch";
import { runningScript } from "./scripts/running";
import { Session, type SessionOptions } from "./session";
import type { Target } from "./types";

/** So many words of a machine are listened to. */
const LINES = 1000;

/**
 * Sets values of the running kernel, in this order, and proves them by reading back. Doing it again changes nothing.
 * @throws AcrnError `running.refused` where a value is another one afterwards
 */
export async function setRunning(
  target: Target,
  values: readonly RunningValue[],
  options?: SessionOptions,
): Promise<void> {
  const session = await Session.start(target, runningScript(), options);
  try {
    session.send(`${values.map(({ path, value }) => `${path} ${value}`).join("\n")}\ngo\n`);
    const said = await answers(session);
    const wrong = [...new Map(values.map(({ path, value }) => [path, value]))].filter(
      ([path, value]) => said.now.get(path) !== String(value),
    );
    if (wrong.length > 0) throw refused(session.label, wrong, said);
  } finally {
    await session.close();
  }
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

function refused(label: string, wrong: readonly (readonly [path: string, value: number])[], said: Said): AcrnError {
  const list = wrong.map(([path, value]) => `${path} is ${harmless(said.now.get(path) ?? "not there")}, not ${value}`);
  const words = said.errors.length > 0 ? `It said: ${harmless(said.errors.join("; "))}. ` : "";
  return new AcrnError("running.refused", `${label}: the kernel did not take a value: ${list.join("; ")}`, {
    hint: `${words}The files are written; the next boot tries again, and so does the next up. Look at dmesg on the machine.`,
  });
}
