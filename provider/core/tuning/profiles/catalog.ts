import { AcrnError } from "../../errors";
import { acrnTips } from "./acrn-tips";
import { acrnTipsRt } from "./acrn-tips-rt";
import { checkEntry } from "./entry-rules";
import { EMPTY, type Layer, layerOf, merge } from "./layer";
import type { Profile } from "./types";
import { xenomai } from "./xenomai";

export const DEFAULT_PROFILE = "acrn-tips";

/** Ours. */
export const PROFILES: readonly Profile[] = [acrnTips, acrnTipsRt, xenomai];

/** A profile with all that it is built on, the lowest first. @throws AcrnError `tuning.profile` */
export function chainOf(profile: string | Profile, others: readonly Profile[] = []): Profile[] {
  const all = [...PROFILES, ...others];
  const first = typeof profile === "string" ? found(profile, all) : profile;
  const chain = [first];
  for (let at = first; at.base !== undefined; ) {
    at = found(at.base, all);
    if (chain.includes(at))
      throw new AcrnError("tuning.profile", `profile ${JSON.stringify(at.name)} is built on itself`, {
        property: "profile",
        hint: "Take one `base` out of the circle.",
      });
    chain.unshift(at);
  }
  return chain;
}

/** All entries of a chain as one layer. @throws AcrnError `tuning.entry` for one that cannot be written */
export function layerOfChain(chain: readonly Profile[]): Layer {
  return chain.map(layerOfProfile).reduce(merge, EMPTY);
}

function layerOfProfile({ name, entries }: Profile): Layer {
  const from = `profile ${name}`;
  for (const entry of entries) checkEntry(entry, from);
  return layerOf(entries.map((entry) => ({ ...entry, from, over: [] })));
}

function found(name: string, all: readonly Profile[]): Profile {
  const profile = all.find((each) => each.name === name);
  if (profile) return profile;
  throw new AcrnError("tuning.profile", `there is no profile ${JSON.stringify(name)}`, {
    property: "profile",
    hint: `Choose ${all.map((each) => `"${each.name}"`).join(", ")}, or give one of your own: { name, base, entries }.`,
  });
}
