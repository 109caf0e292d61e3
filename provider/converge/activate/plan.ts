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
import { doors } from "./doors";
import { gapObstacles } from "./gaps";
import { livenessOn } from "./liveness";
import { evidenceAfter, scriptsOf } from "./scripts";

export interface Activation extends PowerPlan {
  /** Everything that is written and does not run, of every claim on the machine. */
  pending: readonly Pending[];
}

/** What makes the machine run what its files say (or will say, when the draft is that of a plan). */
export function planActivation(draft: Draft, args: ActivationArgs, kinds: KindOf): Activation {
  const pending = pendingOn(draft, kinds).filter(({ state }) => state === "pending");
  const acts = actsFor(pending.map(({ field, needs }) => ({ field, acts: needs })));
  const image = wantedImage(draft);
  const next = image?.boots && boots(args.allow) ? comingWith(draft, image) : draft;
  const vms = realtimeVms(draft).map((vm) => powerVm(next, args, vm));
  const pre = bootedVms(draft).find(({ load, realtime }) => load === "pre-launched" && realtime);
  const given = { acts, allow: args.allow, vms };
  const plan = planPower({ ...given, ...(pre ? { preLaunchedRealtime: pre.key } : {}), ...(image ? { image } : {}) });
  const obstacles = [...plan.obstacles, ...doors(next, plan), ...gapObstacles(draft, acts, args.allow)];
  return { ...plan, obstacles, pending };
}

const boots = (allow: readonly string[]) => allow.includes("hypervisor-install") && allow.includes("host-reboot");

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

function powerVm(draft: Draft, args: ActivationArgs, name: string): PowerVm {
  const liveness = livenessOn(draft, name);
  const how = Object.hasOwn(args.guests, name) ? args.guests[name] : undefined;
  const { launcher, autostart, waiting } = scriptsOf(draft, name);
  const after = waiting !== undefined && takes(allowedBy(name, evidenceAfter(draft), draft.snapshot), waiting.pcpus);
  return {
    name,
    liveness,
    ...(how === undefined ? {} : { shutdown: words(how) }),
    ...(launcher === undefined ? {} : { launcher }),
    ...(after ? { launcherAfter: waiting.path } : {}),
    ...(autostart ? { autostart } : {}),
    ...(comesBack(name, draft.snapshot) ? { comesBack: true } : {}),
  };
}

function words(how: ActivationArgs["guests"][string]): string {
  if ("ssh" in how) return `its guest is asked over ssh (${addressOf(how.ssh)})`;
  return "lifeMngr" in how ? "life_mngr is asked" : "a command of yours asks it";
}
