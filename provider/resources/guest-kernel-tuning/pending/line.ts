import type { Documents, FieldValue } from "../../../core/claims/types";
import { splitField } from "../../../core/claims/types";
import { keyOfField } from "../../../core/kernel/cmdline/keys";
import { heightsOf, linesOf, type ParamHeights } from "../../../core/kernel/heights";
import { guestMachine } from "../../../core/tuning/guest/machine";
import type { Pending, View } from "../../kind";
import { placeOf } from "../place";
import { BUILT, bootNeeds } from "./needs";

/** Each parameter of the default line: in its file, in what is generated from that, and in what runs. */
export function linePending(view: View, documents: Documents, fields: readonly string[]): Pending[] {
  if (fields.length === 0) return [];
  const place = placeOf(view.snapshot, guestMachine(view.snapshot, view.guest?.vm));
  if (place.kind !== "file") return [];
  const declared = new Map<string, FieldValue>();
  for (const field of fields) {
    const [id, key] = splitField(field);
    const name = keyOfField(key);
    const document = documents.get(id);
    if (name === undefined || document?.live === undefined) continue;
    const reading = document.surface.read(document.live, document.path, key);
    declared.set(name, reading.kind === "value" ? reading.value : null);
  }
  const { written: _as_declared, ...lines } = linesOf(place.evidence, place.place);
  const rows = heightsOf(Object.fromEntries(declared), lines);
  return rows.map((row) => rowOf(view, fields.find((field) => field.endsWith(` param[${row.key}]`)) as string, row));
}

function rowOf(view: View, field: string, row: ParamHeights): Pending {
  const shown = {
    field,
    written: text(row.declared),
    built: BUILT,
    running: row.running === undefined ? "unknown" : text(row.running),
  };
  if (row.state === "active") return { ...shown, state: "active", evidence: "/proc/cmdline has it", needs: [] };
  if (row.state === "unknown") return { ...shown, state: "unknown", evidence: row.why ?? "", needs: [] };
  const evidence: Record<string, string> = {
    regenerate: "the boot loader's menu is made anew by the up",
    boot: "/proc/cmdline has another value",
    elsewhere: "something else puts it on the same line",
  };
  const known = evidence[row.needs ?? ""] ?? "it is not written yet";
  return { ...shown, state: "pending", evidence: known, needs: bootNeeds(view) };
}

function text(value: FieldValue | undefined): string {
  if (value === undefined || value === null) return "(absent)";
  if (value === true) return "given";
  return Array.isArray(value) ? value.map((each) => text(each as FieldValue)).join(", ") : String(value);
}
