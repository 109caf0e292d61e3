import { currentText, type Documents, splitField } from "../../../core/claims/types";
import { isAwaited, noteOfTrial, trialId } from "../../../core/kernel/trial";
import { guestMachine } from "../../../core/tuning/guest/machine";
import type { Pending, View } from "../../kind";
import { BUILT, bootNeeds } from "./needs";

/** An entry that nothing selects: it waits for an Activation, or for a hand. */
export function trialPending(view: View, field: string, documents: Documents): Pending[] {
  const [id, key] = splitField(field);
  const document = documents.get(id);
  const text = document && currentText(document);
  const reading = document && text !== undefined ? document.surface.read(text, document.path, key) : undefined;
  const value = reading?.kind === "value" ? reading.value : undefined;
  const note = noteOfTrial(value);
  if (!document || !note) return [];
  const armed = isAwaited(view.snapshot);
  const waits = armed
    ? "its boot is awaited by an Activation"
    : `nothing boots it by itself; ${byHand(view, trialId(note.id))}`;
  return [
    {
      field,
      state: "pending",
      written: document.surface.show(value ?? null),
      built: BUILT,
      running: "another line",
      evidence: waits,
      needs: bootNeeds(view),
    },
  ];
}

/** What a person types who has no Activation; the next up sees what runs and makes it the default. */
function byHand({ snapshot, guest }: View, entry: string): string {
  const machine = guestMachine(snapshot, guest?.vm);
  if (machine.kind === "rtvm")
    return `an Activation on this guest does, or by hand: \`grub-reboot ${entry} && poweroff\` in it, then the launch script of ${machine.vm} on its host`;
  if (machine.kind === "unknown")
    return `say which VM it is (\`vm\` of its Guest), so that an Activation can: ${machine.why}`;
  return `an Activation on this guest does, or by hand: \`grub-reboot ${entry} && reboot\``;
}
