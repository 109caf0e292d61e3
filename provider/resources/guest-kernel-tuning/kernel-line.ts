import type { Wish } from "../../core/claims/types";
import { lineOf } from "../../core/kernel/cmdline/say";
import type { TrialMeans } from "../../core/kernel/trial";
import type { Refusal } from "../../core/plan/types";
import type { GuestMachine } from "../../core/tuning/guest/machine";
import type { View } from "../kind";
import { bootsNow } from "./boots-now";
import { heldOn, isProven, onTheLine, targetOf } from "./line";
import { alsoSet, type Place } from "./place";
import { startsUnits } from "./rest";
import type { GuestKernelTuningArgs } from "./schema";
import { type Trial, trialOf } from "./trial";
import type { Params } from "./wanted";

/** What is written for the kernel's line, and why so. */
export interface KernelLine {
  wishes: Wish[];
  refusals: Refusal[];
  warnings: string[];
  notes: string[];
  reasons: string[];
  /** The line that boots by default today; empty: nobody can tell. */
  base: string;
  /** What that line is to say at the end: the wishes, and for what is wished no more what it was before us. */
  target: Params;
  trial?: { entry: string; means: TrialMeans };
}

export interface Asked {
  view: View;
  args: GuestKernelTuningArgs;
  machine: GuestMachine;
  place: Place;
  params: Params;
}

const NONE = { wishes: [], refusals: [], warnings: [], notes: [], reasons: [] };

export function kernelLine(asked: Asked): KernelLine {
  const { place, params, view } = asked;
  const base = place.kind === "none" ? "" : baseOf(place);
  const target = place.kind === "file" ? targetOf(view, place, params) : params;
  const line = { base, target };
  const held = place.kind === "file" && heldOn(view, place.line).length > 0;
  if (Object.keys(params).length === 0 && !held) return { ...NONE, ...line };
  if (place.kind === "none") return { ...NONE, ...line, refusals: [place.refusal] };
  if (place.kind === "launch") return { ...NONE, ...line, notes: [byItsLaunch(place.vm, params)] };
  return { ...inFile(asked, place, target), ...line };
}

function inFile(
  { view, args, machine, params }: Asked,
  place: Extract<Place, { kind: "file" }>,
  target: Params,
): Omit<KernelLine, "base" | "target"> {
  const notes = [...place.place.notes];
  const twice = alsoSet(place.place, params);
  if (twice.length > 0) return { ...NONE, notes, refusals: twice };
  const proven = isProven(view, place, target);
  if (proven || args.trial === false) {
    const warnings = proven || machine.kind === "other" ? [] : [AT_ONCE];
    return { ...NONE, notes, warnings, wishes: onTheLine(place.line, params), reasons: [reasonFor(proven, view)] };
  }
  const { snapshot } = view;
  const tripleFault = typeof args.trial === "object";
  const trial = trialOf({
    snapshot,
    machine,
    place,
    target,
    wanted: params,
    units: startsUnits(snapshot),
    tripleFault,
  });
  if (isRefusal(trial)) return { ...NONE, notes, refusals: [trial] };
  const { entry, means } = trial;
  return {
    ...NONE,
    notes,
    wishes: [...heldOn(view, place.line), ...trial.wishes],
    reasons: [`the new kernel line is tried once before it becomes the default: entry ${entry}`],
    trial: { entry, means },
  };
}

const isRefusal = (trial: Trial | Refusal): trial is Refusal => "code" in trial;

const AT_ONCE =
  "7b: the new kernel line becomes the default without a trial: if it does not boot, somebody has to mend this real-time VM from its host";

function reasonFor(proven: boolean, { snapshot }: View): string {
  if (snapshot.kind === "folder") return "a folder does not run: its line is what its first boot takes";
  return proven
    ? "the machine runs this line, or boots it by default already"
    : "`trial: false`: written as the default at once";
}

function baseOf(place: Exclude<Place, { kind: "none" }>): string {
  const boots = place.kind === "file" ? bootsNow(place) : "";
  return (typeof boots === "string" ? undefined : boots.boots.line) ?? place.evidence.running ?? "";
}

function byItsLaunch(vm: string, params: Params): string {
  return `${vm} gets its kernel and its line from its launch script (-k, -B), which its RtVm owns: give that \`loader: { kernel, args }\` with ${lineOf(params)}`;
}
