import { unseenIn } from "../../core/acrn/power/agreed";
import { AcrnError } from "../../core/errors";
import { trialId } from "../../core/kernel/trial";
import { machineKey } from "../../core/snapshot";
import { GuestTrial, type TrialState } from "../../host/guest/trial-session";
import type { ActivationArgs } from "../../resources/activation";
import { runs } from "../../resources/guest-kernel-tuning/line";
import type { Run } from "../activate/run";
import type { Machine } from "../machine";
import { hostOf } from "./around";
import { boot } from "./boot";
import { type GuestActivation, type GuestStep, planGuestActivation, type WaitingTrial } from "./plan";
import { promote } from "./promote";

export type GuestRun = Pick<Run, "agreed" | "expected" | "kinds" | "progress">;

/** What was reviewed, on the guest as it is now. Returns what was done, a sentence each. */
export async function runGuestActivation(machine: Machine, args: ActivationArgs, run: GuestRun): Promise<string[]> {
  machine.forget();
  const draft = await machine.draft();
  rightMachine(machineKey(draft.snapshot.identity), run.expected);
  const plan = planGuestActivation(draft, args, run.kinds);
  refuseUnseen(plan, run.agreed);
  if (plan.obstacles.length > 0)
    throw new AcrnError("power.obstacle", plan.obstacles.join("\n"), { hint: "Nothing was interrupted." });
  const done: string[] = [];
  for (const step of plan.steps) done.push(...(await one(step, machine, plan, args, run)));
  return done;
}

async function one(
  { act, trial }: GuestStep,
  machine: Machine,
  plan: GuestActivation,
  args: ActivationArgs,
  { progress }: GuestRun,
): Promise<string[]> {
  if (act === "promote" && trial) return [await promote(machine, trial, progress)];
  const { guest } = machine.settings;
  const vm = plan.machine.kind === "rtvm" ? plan.machine.vm : undefined;
  const host =
    vm !== undefined && guest?.via !== undefined ? await hostOf(vm, machine.settings, args, progress) : undefined;
  try {
    const state = await boot({
      machine,
      host,
      trial,
      kind: vm === undefined ? "other" : "rtvm",
      limits: args.limits,
      progress,
    });
    if (!trial) return [`the guest was started anew (boot ${state.bootId})`];
    await confirm(machine, trial, state);
  } finally {
    await host?.close();
    machine.forget();
  }
  return ["the new kernel line booted and answered", await promote(machine, trial as WaitingTrial, progress)];
}

/** By what runs, over the connection that was made to it: then that boot stays. */
async function confirm(machine: Machine, { note }: WaitingTrial, { cmdline }: TrialState): Promise<void> {
  if (!runs(cmdline, note.params, note.means))
    throw new AcrnError("trial.other-line", `the trial's boot runs another line than was declared: ${cmdline}`, {
      hint: "It was not confirmed: it goes back to the old line by itself within the limit. Nothing was promoted.",
    });
  const session = await GuestTrial.open(machine.target());
  try {
    const not = await session.confirm({ id: note.id });
    if (not === undefined) return;
    throw new AcrnError("trial.not-confirmed", `${session.label}: ${trialId(note.id)} could not be confirmed: ${not}`, {
      hint: "Nothing was promoted: the default is the old line, and the guest goes back to it. Run again.",
    });
  } finally {
    await session.close();
  }
}

function rightMachine(found: string | undefined, expected: string | undefined): void {
  if (expected === undefined || found === expected) return;
  throw new AcrnError("machine.other", "another machine answers at this address than the one that was planned for", {
    hint: "Nothing was done. Run the preview again.",
  });
}

function refuseUnseen({ lines }: GuestActivation, agreed: readonly string[]): void {
  const unseen = unseenIn(lines, agreed);
  if (unseen.length === 0) return;
  throw new AcrnError(
    "plan.changed",
    `the guest changed after the plan was made; this was not in it: ${unseen.join("; ")}`,
    {
      hint: "Nothing was interrupted. Run the preview again and look at the new plan.",
    },
  );
}
