import { AcrnError } from "../../core/errors";

/** One acrn-dm: a pid alone may be another process by now. */
export interface DeviceModel {
  pid: number;
  /** Clock ticks after boot, proc(5). */
  started: string;
}

/** Who has the lock of activations, and for how long. */
export interface Holder {
  seconds: number;
  /** In words, with what it does. */
  who: string;
}

/** A word is a word to the far shell, and names a file there: what a scenario or a process calls itself is not always one. */
export function refuseStrange(words: readonly (string | number)[]): void {
  const strange = words.find((word) => !/^[\w./+@=,-]+$/.test(`${word}`) || /(^|\/)\.\.?(\/|$)/.test(`${word}`));
  if (strange === undefined) return;
  throw new AcrnError("power.word", `${JSON.stringify(strange)} cannot be a VM or a path in an activation`, {
    hint: "Nothing was done with it. VMs are named with letters, digits, _ and -.",
  });
}

/** Text as one word. */
export const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

/** One that goes: the words that name it. */
export const goer = (vm: string, { pid, started }: DeviceModel, seconds: number) => [vm, pid, started, seconds];

/** What follows `word` in a line of the answer. */
export function models(line: string, word: string): DeviceModel[] {
  const match = new RegExp(`^${word} (\\d{1,10}) (\\d{1,20})$`).exec(line);
  return match ? [{ pid: Number(match[1]), started: match[2] as string }] : [];
}
