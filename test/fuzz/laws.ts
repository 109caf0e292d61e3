import { isDeepStrictEqual } from "node:util";
import { AcrnError } from "../../provider/core/errors";
import { Refused, type Target } from "./target";

/** How one run of one input ended: taken, or refused with the code. */
export type End = { kind: "accepted"; value: unknown } | { kind: "refused"; code: string; said: string };

/** A law does not hold. */
export class Broken extends Error {
  constructor(
    readonly law: string,
    what: string,
    cause?: unknown,
  ) {
    super(`${law}: ${what}`, cause === undefined ? {} : { cause });
  }
}

/** Runs one input twice and holds it against every law but the one about time, which the watchdog keeps. */
export async function judge(target: Target, input: Buffer, prototypes: Prototypes): Promise<End> {
  const first = await once(target, Buffer.from(input));
  const second = await once(target, Buffer.from(input));
  if (!isDeepStrictEqual(first, second)) throw new Broken("deterministic", "the same input ended in two ways");
  prototypes.check();
  return first;
}

async function once(target: Target, input: Buffer): Promise<End> {
  try {
    const value = await target.run(input);
    return value instanceof Refused ? { kind: "refused", code: value.code, said: "" } : { kind: "accepted", value };
  } catch (error) {
    if (error instanceof Broken) throw error;
    if (!(error instanceof AcrnError)) throw new Broken("no crash", String(error), error);
    checkError(error, target, input);
    return { kind: "refused", code: error.code, said: error.message };
  }
}

/** A message is for people and for terminals: bounded, and without anything that a terminal obeys or that hides text. */
const LONGEST = 20 * 1024;
const UNFIT = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

function checkError(error: AcrnError, target: Target, input: Buffer): void {
  const wrong = (what: string) =>
    new Broken("an error says what and where", `${what} in [${error.code}] ${error.message}`, error);
  if (!/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/.test(error.code)) throw wrong("a code that is none");
  if (error.summary === "") throw wrong("nothing said");
  if (!error.hint) throw wrong("no word about what to do");
  checkSaid(error.message, wrong);
  if (target.texts && !target.placeless?.test(error.code)) checkPlace(error, target.texts(input), wrong);
}

export function checkSaid(
  text: string,
  wrong = (what: string) => new Broken("an error says what and where", `${what} in ${text}`),
): void {
  if (typeof text !== "string" || text === "") throw wrong("nothing said");
  if (text.length > LONGEST) throw wrong(`${text.length} characters`);
  if (UNFIT.test(text)) throw wrong("a control character");
}

function checkPlace(error: AcrnError, texts: ReadonlyMap<string, string>, wrong: (what: string) => Broken): void {
  const { file, line, column } = error.where ?? {};
  if (file === undefined || line === undefined || column === undefined) throw wrong("no place");
  const text = texts.get(file);
  if (text === undefined) throw wrong("a place in a file that there is not");
  if (!within(text, line, column)) throw wrong(`line ${line}, column ${column} is outside the text`);
}

/** XML ends its lines with CR too (XML 1.0, 2.11), other formats do not; columns count characters. */
function within(text: string, line: number, column: number): boolean {
  return [/\r\n?|\n/, /\n/].some((end) => {
    const found = text.replace(/^\ufeff/, "").split(end)[line - 1];
    return found !== undefined && column >= 1 && column <= [...found].length + 1;
  });
}

/** What every object inherits, as it was before the first input. */
export class Prototypes {
  readonly #before = snapshot();
  readonly #keys = keyCount();

  /** Counting is enough most of the time; `exact` compares every property. */
  check(exact = false): void {
    if (keyCount() !== this.#keys || (exact && !isDeepStrictEqual(snapshot(), this.#before)))
      throw new Broken("no prototype pollution", "what every object inherits is not what it was");
  }
}

const SHARED = [Object, Function, Array, String, Number, Boolean, RegExp, Map, Set, Promise, Error, Buffer, Date];

function keyCount(): number {
  return Reflect.ownKeys(Object.prototype).length + Reflect.ownKeys(Array.prototype).length;
}

function snapshot(): [string | symbol, PropertyDescriptor | undefined][] {
  const owners = SHARED.flatMap((made) => [made, made.prototype as object]);
  return owners.flatMap((owner) =>
    Reflect.ownKeys(owner).map(
      (key) => [key, Object.getOwnPropertyDescriptor(owner, key)] as [string | symbol, PropertyDescriptor | undefined],
    ),
  );
}
