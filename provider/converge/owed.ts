import { AcrnError } from "../core/errors";
import { OWED, owedAfter, owedBefore, owedNote, owedText } from "../core/owed";
import type { Plan } from "../core/plan/types";
import type { Snapshot } from "../core/snapshot";
import { PowerSession } from "../host/power/session";
import { grubMenu } from "../host/scripts/grub-menu";
import type { FileChange } from "../host/types";
import type { Draft } from "./draft";
import type { Machine } from "./machine";

/** The plan with what has to be run behind it. */
export function withOwed({ snapshot }: Pick<Draft, "snapshot">, plan: Plan): Plan {
  return { ...plan, notes: [...plan.notes, ...owedNote(owedAfter(snapshot, plan.edits))] };
}

/** What the transaction writes down of that; nothing where it is written already. */
export function owedChange(fresh: Snapshot, { edits }: Plan): Omit<FileChange, "before">[] {
  const owed = owedAfter(fresh, edits);
  const before = owedBefore(fresh);
  if (owed.join("\n") === before.join("\n")) return [];
  return [{ path: OWED, after: Buffer.from(owedText(owed), "utf8"), mode: "0600" }];
}

/**
 * Runs what the machine owes, and takes it off the disk when all of it was done. Returns the machine as it is behind that.
 * @throws AcrnError `owed.failed`: it stays owed, and the next run tries again
 */
export async function payOwed(
  machine: Machine,
  after: Snapshot,
  progress: ((phase: string) => void) | undefined,
): Promise<Snapshot> {
  const owed = owedBefore(after);
  if (owed.length === 0) return after;
  const session = await PowerSession.open(machine.target());
  try {
    for (const command of owed) {
      progress?.(`running ${command}`);
      const { status, said } = await session.run(asRun(command));
      if (status !== 0) throw failed(session.label, command, status, said);
    }
    await session.run(`rm -f "$PULUMI_ACRN_ROOT${OWED}"; rmdir "$PULUMI_ACRN_ROOT${FOLDER}" 2>/dev/null; :`);
  } finally {
    await session.close();
  }
  machine.forget();
  return machine.read();
}

const FOLDER = OWED.slice(0, OWED.lastIndexOf("/"));

/** A unit that was never loaded cannot be stopped. */
function asRun(command: string): string {
  if (/^(?:update-grub$|grub2?-mkconfig )/.test(command)) return grubMenu(command);
  return command.startsWith("systemctl stop ") ? `${command} || :` : command;
}

function failed(label: string, command: string, status: number, said: string): AcrnError {
  return new AcrnError("owed.failed", `${label}: ${command} failed with status ${status}: ${said}`, {
    hint: `The files are written, and what boots is as before or made from them. Run it by hand to see more; the next up runs it again (${OWED}).`,
  });
}
