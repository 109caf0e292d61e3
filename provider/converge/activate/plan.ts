import type { Evidence } from "../../core/acrn/evidence";
import { unconfirmedImage } from "../../core/acrn/image/default";
import { launchedVms } from "../../core/acrn/power/liveness";
import { comesBack } from "../../core/acrn/power/marks";
import { type PowerPlan, type PowerVm, planPower } from "../../core/acrn/power/steps";
import { allowedBy, takes } from "../../core/acrn/rt-vm/allowed";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import type { VmView } from "../../core/acrn/types";
import { sortKeys } from "../../core/claims/same";
import type { Document } from "../../core/claims/types";
import { actsFor } from "../../core/plan/acts";
import type { ActivationArgs } from "../../resources/activation";
import { addressOf } from "../../resources/host-settings";
import type { Pending } from "../../resources/kind";
import type { Draft } from "../draft";
import { comingWith, wantedImage } from "../image/wanted";
import { claimantOf, type KindOf, pendingOf, viewOf } from "../plan-resource";
import { besideImages } from "./beside";
import { doors } from "./doors";
import { gapObstacles } from "./gaps";
import { livenessOn } from "./liveness";
import { evidenceAfter, type ScriptsOfVm, scriptsOf } from "./scripts";

export interface Activation extends PowerPlan {
  /** Everything that is written and does not run, of every claim on the machine. */
  pending: readonly Pending[];
}

/** What makes the machine run what its files say (or will say, when the draft is that of a plan). */
export function planActivation(draft: Draft, args: ActivationArgs, kinds: KindOf): Activation {
  const pending = pendingOn(draft, kinds).filter(({ state }) => state === "pending");
  const acts = actsFor(pending.map(({ field, needs }) => ({ field, acts: needs })));
  const wanted = wantedImage(draft);
  const pre = bootedVms(draft).find(({ load, realtime }) => load === "pre-launched" && realtime);
  const planned = (seen: Draft, image = wanted) => {
    const vms = realtimeVms(draft).map((vm) => powerVm(seen, args, vm));
    const beside = image && { image: { ...image, beside: besideImages(seen, vms, image) } };
    return planPower({ acts, allow: args.allow, vms, ...(pre ? { preLaunchedRealtime: pre.key } : {}), ...beside });
  };
  // which image comes hangs on what is allowed, and what starts VMs behind the boot hangs on that image
  const boots = planned(draft).steps.flatMap((step) => (step.act === "host-reboot" ? (step.image ?? []) : []))[0];
  const next = boots ? comingWith(draft, boots) : draft;
  const plan = planned(next);
  const meant = wanted && comingWith(draft, wanted).comes;
  const obstacles = [...plan.obstacles, ...doors(next, plan), ...gapObstacles(draft, acts, args.allow, meant)];
  return { ...plan, obstacles, pending };
}

/** Written against built against running, of every claim on the machine; a field that two resources hold is told once. */
export function pendingOn(draft: Draft, kinds: KindOf): Pending[] {
  const all = Object.values(draft.ledger.owners).flatMap((owner) => {
    const kind = kinds(owner.kind);
    if (!kind) return [];
    const view = viewOf(draft, claimantOf(owner));
    return pendingOf(kind, view, draft.documents, [...view.former.keys()]);
  });
  return [...new Map(all.map((item) => [JSON.stringify(sortKeys(item)), item])).values()];
}

function vmsOf(draft: Draft): VmView[] {
  const { text, file } = scenarioFile(draft.documents.get("scenario") as Document);
  return text === undefined ? [] : readScenario(text, file).vms;
}

/** Of the booted image where it is known; else the scenario source is the best guess. */
function bootedVms(draft: Draft): VmView[] {
  const { built } = draft.evidence;
  return built.known ? readScenario(built.scenario, "scenario.xml").vms : vmsOf(draft);
}

/**
 * As the booted image, the scenario source and the running acrn-dm have them, and whatever else was launched in this boot: a VM that is gone from
 * the source may still live, as an orphan too.
 */
function realtimeVms(draft: Draft): string[] {
  const { running } = draft.evidence;
  const named = [...vmsOf(draft), ...bootedVms(draft)].filter(({ load }) => load === "post-launched");
  const all = running.known ? running.vms : [];
  const live = all.filter(({ args }) => args.includes("--rtvm") || args.includes("--lapic_pt"));
  const told = new Set([...named.map(({ key }) => key), ...all.map(({ name }) => name)]);
  const strays = launchedVms(draft.snapshot).filter((name) => !told.has(name));
  const realtime = named.filter((vm) => vm.realtime).map(({ key }) => key);
  return [...new Set([...realtime, ...live.map(({ name }) => name), ...strays])].sort();
}

/** A real-time VM as its power is planned. */
export function powerVm(draft: Draft, args: ActivationArgs, name: string): PowerVm {
  const liveness = livenessOn(draft, name);
  const how = Object.hasOwn(args.guests, name) ? args.guests[name] : undefined;
  const scripts = scriptsOf(draft, name);
  const { launcher, autostart } = scripts;
  return {
    name,
    liveness,
    ...(how === undefined ? {} : { shutdown: words(how) }),
    ...(launcher === undefined ? {} : { launcher }),
    ...launchersElsewhere(draft, name, scripts),
    ...(autostart ? { autostart } : {}),
    ...(comesBack(name, draft.snapshot) ? { comesBack: true } : {}),
  };
}

/**
 * Another script than the canonical one, which fits the default: on the image that is on trial, and on the one that the next boot takes. Both at once where a
 * boot is to end a trial: if it does not come about, the image on trial still runs. What waits is what is declared by now, so it goes before what was kept.
 */
function launchersElsewhere(
  draft: Draft,
  name: string,
  { pcpus, waiting, kept }: ScriptsOfVm,
): Pick<PowerVm, "launcherNow" | "launcherAfter"> {
  const by = (evidence: Evidence) => {
    const allowed = allowedBy(name, evidence, draft.snapshot);
    return (asked: readonly number[] | undefined) => asked !== undefined && takes(allowed, asked);
  };
  const after = by(evidenceAfter(draft));
  const trial = unconfirmedImage(draft.snapshot) !== undefined;
  const now = trial && waiting && by(draft.evidence)(waiting.pcpus) ? { launcherNow: waiting.path } : {};
  if (waiting && after(waiting.pcpus)) return { ...now, launcherAfter: waiting.path };
  const back = draft.comes !== undefined && kept && after(pcpus) === false && after(kept.pcpus);
  return { ...now, ...(back ? { launcherAfter: kept.path } : {}) };
}

function words(how: ActivationArgs["guests"][string]): string {
  if ("ssh" in how) return `its guest is asked over ssh (${addressOf(how.ssh)})`;
  return "lifeMngr" in how ? "life_mngr is asked" : "a command of yours asks it";
}
