import type { FieldValue } from "../../claims/types";
import { AcrnError } from "../../errors";
import { canonicalName, fieldKey, isGroup, isName } from "./keys";
import { normalText } from "./normal";
import type { Cmdline, Param } from "./parse";

/**
 * What a command line says of one key: a text, `true` for a word without `=`, or a list where the key is there more than once. The list of a pair
 * (`hugepages`) holds whole words: `["hugepagesz=1G", "hugepages=4"]`.
 */
export type ParamValue = string | true | readonly (string | true)[];

/** Is it a value of a parameter, or `null` for one that shall not be there? */
export function isParamValue(value: FieldValue): value is ParamValue | null {
  const one = (x: FieldValue) => typeof x === "string" || x === true;
  return value === null || one(value) || (Array.isArray(value) && value.length > 0 && value.every(one));
}

/** The parameters of a key, in their order. */
export function paramsOf({ params }: Cmdline, key: string): Param[] {
  return params.filter((param) => param.key === key);
}

/** The value of a key in its normal form; undefined: it is not there. */
export function saidOf(lines: readonly Cmdline[], key: string): ParamValue | undefined {
  const found = lines.flatMap((line) => paramsOf(line, key));
  if (found.length === 0) return undefined;
  const [only] = found;
  if (only && found.length === 1 && canonicalName(only.name) === key) return normalValue(key, only.value) as ParamValue;
  return normalValue(
    key,
    found.map((param) => (isGroup(key) ? wordOf(param) : param.value)),
  ) as ParamValue;
}

function wordOf({ name, value }: Param): string {
  return value === true ? canonicalName(name) : `${canonicalName(name)}=${value}`;
}

/**
 * A value as it is compared: numbers are texts, a list of one is that one, CPU lists and flags of `isolcpus` have one spelling. Wishes have to be
 * given so: what a command line says is.
 */
export function normalValue(key: string, value: FieldValue): FieldValue {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return normalText(key, value);
  if (!Array.isArray(value)) return value;
  const list = value.map((each) => normalValue(key, each as FieldValue));
  const [only] = list;
  if (list.length !== 1 || only === undefined) return list;
  return isGroup(key) ? (ownValue(key, only) ?? list) : only;
}

/** `hugepages=4` alone is `4`; a size alone stays a word. */
function ownValue(key: string, word: FieldValue): string | undefined {
  return typeof word === "string" && word.startsWith(`${key}=`) ? word.slice(key.length + 1) : undefined;
}

/** Names and values of the words that say `value`. */
export function wordsFor(key: string, value: ParamValue): { name: string; value: string | true }[] {
  if (typeof value === "string" || value === true) return [{ name: key, value }];
  return value.map((each) => {
    const [, name, text] = isGroup(key) && typeof each === "string" ? (/^([^=]+)(?:=(.*))?$/s.exec(each) ?? []) : [];
    return name === undefined ? { name: key, value: each } : { name, value: text ?? true };
  });
}

/** A word as it is written; quotes where the kernel needs them. */
export function printWord(name: string, value: string | true): string {
  if (value === true) return name;
  return / /.test(value) ? `${name}="${value}"` : `${name}=${value}`;
}

/** @throws AcrnError `cmdline.value` on `property` for what no command line can say */
export function checkParam(key: string, wish: FieldValue, property?: string): ParamValue | null {
  const value = normalValue(key, wish);
  const fail = (why: string, hint: string) =>
    new AcrnError("cmdline.value", why, { hint, ...(property === undefined ? {} : { property }) });
  const shown = JSON.stringify(value);
  if (!isName(key))
    throw fail(
      `${JSON.stringify(key)} is no name of a kernel parameter`,
      "Use printable characters without blanks, quotes and `=`.",
    );
  if (!isParamValue(value))
    throw fail(
      `${shown} is no value of the kernel parameter ${key}`,
      "Give a text, true for a word without `=`, a list of these, or null for its absence.",
    );
  if (value === null) return null;
  for (const { name, value: text } of wordsFor(key, value)) {
    const foreign = fieldKey(name) !== key || !isName(name);
    if (foreign)
      throw fail(
        `${shown} is no value of the kernel parameter ${key}`,
        `Each item of its list is a word such as "hugepagesz=1G".`,
      );
    if (text !== true && text.includes('"'))
      throw fail(
        `${key}: the kernel cannot read a quote within a value (${shown})`,
        "Its command line has no way to escape one [lib/cmdline.c]: leave it out.",
      );
    if (text !== true && !/^[ -~]*$/.test(text))
      throw fail(
        `${key}: ${shown} holds a line break or a character outside of ASCII`,
        "Write it on one line, in printable ASCII.",
      );
  }
  return value;
}
