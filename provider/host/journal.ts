import type { FileState } from "../core/snapshot";
import { FORMAT } from "./scripts/runner";

export const JOURNAL = "/var/lib/pulumi-acrn/journal";

/**
 * What a preview says of an open journal: it writes nothing, so it tells what the next up will do (scripts/runner.ts, RECOVER). Only
 * whole lines count. Undefined when there is none.
 */
export function journalNote(file: FileState | undefined): string | undefined {
  if (!file || file.kind === "absent") return undefined;
  const lines = Buffer.from(file.bytes ?? [])
    .toString("utf8")
    .split("\n")
    .slice(0, -1);
  const begin = lines.findLast((line) => line.startsWith("begin "));
  const [, id = "", format = ""] = begin?.split(" ") ?? [];
  if (begin && format !== String(FORMAT))
    return `An open transaction of another version of pulumi-acrn was found (${JOURNAL}): this one will change nothing here until that one has ended it.`;
  const way = lines.findLast((line) => ["commit", "back", "clean"].includes(line));
  const what = way === undefined || way === "back" ? "undoes" : "finishes";
  const which = /^[0-9a-f]+$/.test(id) ? ` ${id}` : "";
  return `An open transaction${which} was found: under way, or interrupted. The next up ${what} it first.`;
}
