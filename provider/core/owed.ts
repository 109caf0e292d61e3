import { kernelEvidence } from "./kernel/evidence";
import { findBootPlace } from "./kernel/loader";
import type { FieldEdit } from "./plan/types";
import { type Snapshot, textOf } from "./snapshot";
import { RUNTIME_SCRIPT } from "./tuning/runtime/script";
import { TUNING_UNIT, TUNING_UNIT_PATH } from "./tuning/runtime/unit";
import { UNIT_FOLDER } from "./tuning/services/surface";

/**
 * Commands that files need behind them before they mean what they say: a line a command, on the machine's own disk in the transaction of those files, and
 * away once all were done. So a cut link or a power cut leaves something to do, and never something forgotten; whoever comes next does it.
 */
export const OWED = "/var/lib/pulumi-acrn/owed";

/** In the order in which they are run. The file is a machine's, so nothing else in it is ever run. */
const KNOWN: readonly RegExp[] = [
  new RegExp(`^systemctl stop ${escaped(TUNING_UNIT)}$`),
  /^update-grub$/,
  /^grub2?-mkconfig -o \/boot\/(?:grub2?|efi\/EFI\/[A-Za-z0-9_-]+)\/grub\.cfg$/,
  /^systemctl daemon-reload$/,
  new RegExp(`^systemctl restart ${escaped(TUNING_UNIT)}$`),
];

function escaped(text: string): string {
  return text.replaceAll(".", "\\.");
}

const rank = (command: string): number => KNOWN.findIndex((known) => known.test(command));

/** What a machine owes from before. */
export function owedBefore(snapshot: Snapshot): string[] {
  return (textOf(snapshot, OWED) ?? "").split("\n").filter((line) => rank(line) !== -1);
}

/** What it will owe once these edits are written, and what it owes already; in order, each once. */
export function owedAfter(snapshot: Snapshot, edits: readonly FieldEdit[]): string[] {
  if (snapshot.kind === "folder") return [];
  const fresh = edits.flatMap((edit) => commandsFor(edit, snapshot));
  const all = [...new Set([...owedBefore(snapshot), ...fresh])].sort((a, b) => rank(a) - rank(b));
  // a unit that goes is not started again, and the other way round: the last word is the edits', where they have one
  const last = (word: string) => fresh.some((command) => command.startsWith(word));
  const over = last("systemctl stop") ? "systemctl restart" : last("systemctl restart") ? "systemctl stop" : undefined;
  return all.filter((command) => over === undefined || !command.startsWith(over));
}

export function owedText(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join("");
}

function commandsFor({ field, path, after }: FieldEdit, snapshot: Snapshot): string[] {
  if (field.startsWith("line[GRUB_")) {
    const place = findBootPlace(kernelEvidence(snapshot, false));
    return place.known && place.regenerate ? [place.regenerate.join(" ")] : [];
  }
  const goes = after === undefined || after === "";
  if (path === RUNTIME_SCRIPT) return [`systemctl ${goes ? "stop" : "restart"} ${TUNING_UNIT}`];
  if (path === TUNING_UNIT_PATH && !goes) return ["systemctl daemon-reload", `systemctl restart ${TUNING_UNIT}`];
  return path.startsWith(`${UNIT_FOLDER}/`) && (field.startsWith("unit[") || OURS.test(path))
    ? ["systemctl daemon-reload"]
    : [];
}

/** Units that are ours by name; a unit of a launcher's own is read by what starts it. */
const OURS = /\/pulumi-acrn-(?:tuning|trial)\.(?:service|conf)$/;

/** A sentence for the plan. */
export function owedNote(commands: readonly string[]): string[] {
  return commands.length === 0 ? [] : [`then ${commands.join(", ")}`];
}
