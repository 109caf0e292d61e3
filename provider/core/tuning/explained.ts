import { chainOf, layerOfChain } from "./profiles/catalog";
import { OFFERED } from "./profiles/offered";
import { PLACEHOLDERS } from "./profiles/template";
import type { Entry, Offer, Profile } from "./profiles/types";
import { LOGGING_COST } from "./services/logging";

/** A setting of a profile, with the profile of the chain that says it. */
export interface ExplainedEntry extends Entry {
  /** `profile acrn-tips`. */
  from: string;
}

/** All that is told of a profile, as data: for a terminal, for `--json`, for the docs. */
export interface ExplainedProfile {
  name: string;
  summary: string;
  base?: string;
  differences: readonly string[];
  /** Its base's first, as they are set. */
  entries: readonly ExplainedEntry[];
  /** What the masks of the logging units take along; empty where it masks none. */
  costs: readonly string[];
  /** What stands for CPU lists in values: `rt`, `housekeepingMask`. */
  placeholders: readonly string[];
  /** What no profile of ours sets. */
  offered: readonly Offer[];
}

/** @throws AcrnError `tuning.profile` */
export function explained(profile: string | Profile, others: readonly Profile[] = []): ExplainedProfile {
  const chain = chainOf(profile, others);
  const { name, summary, base, differences = [] } = chain[chain.length - 1] as Profile;
  const entries = [...layerOfChain(chain).values()].map(({ over: _over, value, ...rest }) => ({
    ...rest,
    // a profile's entry always has a value: only overrides take away
    value: value as string | true,
  }));
  return {
    name,
    summary,
    ...(base === undefined ? {} : { base }),
    differences,
    entries,
    costs: entries.some(({ key }) => key === "systemd-journald.service") ? LOGGING_COST : [],
    placeholders: PLACEHOLDERS,
    offered: OFFERED,
  };
}
