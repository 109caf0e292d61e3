import type { FieldValue, Reading, Surface } from "../../claims/types";
import { AcrnError } from "../../errors";
import { visible } from "../../text/visible";
import { nameOfKey } from "./options";
import { parseRaw, rawOfArgument, restoreArgument } from "./restore";
import { sameLaunch } from "./same-launch";
import { find, viewOf } from "./view";
import { writeArgument } from "./write";

/**
 * Launch scripts as claims see them: `arg[-m]`, `arg[--cpu_affinity]`, `arg[-s 3]`, any option of acrn-dm. A value is a string,
 * `true` for a flag, `null` for one that shall not be there. An argument is edited where its literal stands; one that the script
 * computes has no place, with line and reason.
 */
export const launchSurface: Surface = {
  read,
  write: (text, file, key, value) => writeArgument(text, file, nameOf(key), wishOf(key, value)),
  restore: (text, file, key, raw) => restoreArgument(text, file, nameOf(key), raw),
  takes: (key, value, raw) =>
    nameOfKey(key) === undefined || (isValue(value) && (raw === undefined || parseRaw(raw) !== undefined)),
  sameFields: sameLaunch,
  show: (value) =>
    typeof value === "string"
      ? visible(value)
      : value === true
        ? "given"
        : value === null
          ? "(absent)"
          : JSON.stringify(value),
};

function read(text: string, file: string, key: string): Reading {
  const name = nameOf(key);
  const { script, calls, refusal } = viewOf(text, file);
  const [call] = calls;
  if (refusal || !call)
    return { kind: "no-place", why: `line ${refusal?.line ?? 1}: ${refusal?.why ?? "acrn-dm is not called"}` };
  const argument = find(call, name);
  if (!argument) return { kind: "absent" };
  if (!("name" in argument)) return { kind: "no-place", why: argument.why };
  return { kind: "value", value: argument.value as string | true, raw: rawOfArgument(script, calls, name) };
}

function nameOf(key: string): string {
  const name = nameOfKey(key);
  if (name !== undefined) return name;
  throw new AcrnError("field.unknown", `a claim is on ${key}, a field that this version does not know`, {
    hint: "Arguments are named `arg[-m]`, `arg[--cpu_affinity]`, `arg[-s 3]`. A claim of a newer pulumi-acrn needs one at least as new.",
  });
}

function wishOf(key: string, value: FieldValue): string | true | null {
  if (isValue(value)) return value;
  throw new AcrnError("launch.value", `${JSON.stringify(value)} is no value of ${key}`, {
    hint: "Give a text, true for an option without a value, or null to have it taken out.",
  });
}

function isValue(value: FieldValue): value is string | true | null {
  return typeof value === "string" || value === true || value === null;
}
