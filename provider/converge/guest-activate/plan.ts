import { splitField } from "../../core/claims/types";
import { lineOf } from "../../core/kernel/cmdline/say";
import { isAwaited, noteOfTrial, pathOfTrial, type TrialNote, trialId } from "../../core/kernel/trial";
import { type Act, type ActName, actsFor, showAct } from "../../core/plan/acts";
import { type GuestMachine, guestMachine } from "../../core/tuning/guest/machine";
import type { ActivationArgs } from "../../resources/activation";
import { runs } from "../../resources/guest-kernel-tuning/line";
import type { Pending } from "../../resources/kind";
import { pendingOn } from "../activate/plan";
import type { Draft } from "../draft";
import type { KindOf } from "../plan-resource";

/** A line that is tried, and where it waits. */
export interface WaitingTrial {
  /** Owner of the claim. */
  owner: string;
  note: TrialNote;
  /** Beside it GRUB keeps `next_entry`. */
  customCfg: string;
}

/** `promote`: the line of the trial runs already, by a hand or by a run that came no further. */
export type GuestStep = { act: "boot" | "promote"; trial?: WaitingTrial };

export interface GuestActivation {
  lines: string[];
  obstacles: string[];
  pending: readonly Pending[];
  forbidden: Act[];
  byHand: Act[];
  steps: GuestStep[];
  machine: GuestMachine;
}

/** What makes a guest run what its files say (or will say, when the draft is that of a plan). */
export function planGuestActivation(draft: Draft, args: ActivationArgs, kinds: KindOf): GuestActivation {
  const { snapshot, settings } = draft;
  const machine = guestMachine(snapshot, settings.guest?.vm);
  const pending = pendingOn(draft, kinds).filter(({ state }) => state === "pending");
  const acts = actsFor(pending.map(({ field, needs }) => ({ field, acts: needs })));
  const own = acts.filter(({ act }) => act === actOf(machine));
  const byHand = acts.filter(({ act }) => act !== actOf(machine));
  const allowed = own.filter(({ act }) => args.allow.includes(act as never));
  const trial = waitingTrial(draft);
  const whole = { pending, forbidden: own.filter((act) => !allowed.includes(act)), byHand, machine };
  if (trial && confirmedAlready(draft, trial.note))
    return { ...whole, forbidden: [], lines: [promoteLine(trial)], obstacles: [], steps: [{ act: "promote", trial }] };
  if (allowed.length === 0) return { ...whole, lines: [], obstacles: [], steps: [] };
  const step: GuestStep = { act: "boot", ...(trial ? { trial } : {}) };
  return {
    ...whole,
    lines: linesOf(draft, machine, allowed[0] as Act, trial),
    obstacles: obstaclesOf(draft, trial),
    steps: [step],
  };
}

function actOf(machine: GuestMachine): ActName {
  return machine.kind === "rtvm" ? "rtvm-power-cycle" : "guest-reboot";
}

/** By the ledger, as it is or as a plan leaves it: whoever confirms it need not be who declared it. */
export function waitingTrial({ ledger }: Pick<Draft, "ledger">): WaitingTrial | undefined {
  for (const [field, { claims }] of Object.entries(ledger.fields)) {
    const customCfg = pathOfTrial(splitField(field)[0]);
    const [owner, value] = Object.entries(claims).at(-1) ?? [];
    const note = noteOfTrial(value);
    if (customCfg !== undefined && owner !== undefined && note) return { owner, note, customCfg };
  }
  return undefined;
}

/** The guest runs that very line, and no boot of a trial is awaited. */
function confirmedAlready({ snapshot }: Draft, { params, means }: TrialNote): boolean {
  const line = snapshot.texts.get("proc/cmdline");
  const awaited = isAwaited(snapshot);
  return !awaited && line !== undefined && runs(line.replace(/\n$/, ""), params, means);
}

function promoteLine({ note }: WaitingTrial): string {
  return `make the kernel line that runs the default (${trialId(note.id)})`;
}

function linesOf({ settings }: Draft, machine: GuestMachine, act: Act, trial: WaitingTrial | undefined): string[] {
  const how = wayOf(machine, settings.guest?.via !== undefined);
  if (!trial) return [`${showAct(act)}: ${how}`];
  return [
    `${showAct(act)}: ${how}, with the new kernel line once (${trialId(trial.note.id)}: ${lineOf(trial.note.params)})`,
    "confirm it over a new connection by /proc/cmdline; only then it becomes the default, else the old line comes back",
  ];
}

function wayOf(machine: GuestMachine, reached: boolean): string {
  if (machine.kind !== "rtvm") return "it reboots";
  return reached
    ? "powered off from inside, with proof, and launched again by its host"
    : "powered off from inside; its Guest has no `via`, so whoever launches it has to do so again";
}

function obstaclesOf({ snapshot }: Draft, trial: WaitingTrial | undefined): string[] {
  const tool = ["grub-reboot", "grub2-reboot"].some((name) => snapshot.commands.has(name));
  return trial && !tool ? ["there is no grub-reboot, so the entry cannot be booted once"] : [];
}
