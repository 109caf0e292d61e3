import type { Call } from "../desk";
import { clearVariable, readVariable, writeVariable } from "./loaders/efi-vars";
import type { GuestParts } from "./parts";

const VARIABLES: Readonly<Record<string, string>> = {
  "set-oneshot": "LoaderEntryOneShot",
  "set-default": "LoaderEntryDefault",
};

/** bootctl(1): the two variables that choose an entry, taken as they are; an empty one is removed. */
export function bootctl(call: Call, { spec, booted }: GuestParts): void {
  const [verb = "status", value] = call.args.filter((word) => !word.startsWith("-"));
  const variable = VARIABLES[verb];
  if (variable !== undefined) {
    if (!call.root) return void fail(call, "Failed to update EFI variable: Permission denied");
    if (value === undefined) return void fail(call, "Too few arguments.");
    if (value === "") clearVariable(spec.dir, variable);
    else writeVariable(spec.dir, variable, value === "@current" ? `${booted?.id}.conf` : value);
    return void call.exit(0);
  }
  if (verb !== "status") return void fail(call, `Unknown command verb ${verb}.`);
  call.out("System:\n     Firmware: UEFI");
  for (const [, name] of Object.entries(VARIABLES)) {
    const set = readVariable(spec.dir, name);
    if (set !== undefined) call.out(`${name.padStart(20)}: ${set}`);
  }
  call.exit(0);
}

function fail(call: Call, text: string): void {
  call.err(text);
  call.exit(1);
}
