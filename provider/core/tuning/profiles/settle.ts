import { sysctlName, sysctlPath } from "../sysctl/names";
import { chainOf, DEFAULT_PROFILE, layerOfChain } from "./catalog";
import { merge, type Said } from "./layer";
import { layerOfOverrides } from "./overrides";
import { fill } from "./template";
import type { CpuLists, LeftOut, Overrides, Profile, ProfileFacts, Setting, Settled, What } from "./types";

export interface Wanted {
  /** @default "acrn-tips" */
  profile?: string | Profile;
  /** Profiles that `profile` or a `base` may name besides ours. */
  profiles?: readonly Profile[];
  overrides?: Overrides;
}

/** What a guest is to have: profile and overrides merged, CPU lists filled in, what the guest cannot have left out with its reason. */
export function settle(wanted: Wanted, cpus: CpuLists, facts: ProfileFacts): Settled {
  const chain = chainOf(wanted.profile ?? DEFAULT_PROFILE, wanted.profiles);
  const layer = merge(layerOfChain(chain), layerOfOverrides(wanted.overrides ?? {}));
  const settings: Setting[] = [];
  const leftOut: LeftOut[] = [];
  for (const said of layer.values()) {
    const why = reasonToLeaveOut(said, facts);
    if (why !== undefined) leftOut.push({ what: said.what, key: said.key, from: said.from, why });
    else settings.push(settingOf(said, cpus));
  }
  return { settings, leftOut };
}

/** Keys and values of one kind, in order. */
export function ofKind(settled: Settled, what: What): { key: string; value: string | true | null }[] {
  return settled.settings.filter((each) => each.what === what).map(({ key, value }) => ({ key, value }));
}

function settingOf(said: Said, cpus: CpuLists): Setting {
  const { value, ifThere: _only, ...rest } = said;
  return { ...rest, value: typeof value === "string" ? fill(value, cpus) : (value as true | null) };
}

function reasonToLeaveOut(said: Said, facts: ProfileFacts): string | undefined {
  if (said.value === false) return "the program leaves it as it is";
  if (said.ifThere === undefined || said.value === null) return undefined;
  const there = { kernelArg: undefined, sysctl: facts.sysctls, service: facts.units, runtime: facts.knobs }[said.what];
  const name = said.what === "sysctl" ? sysctlName(sysctlPath(said.key)) : said.key;
  if (!there?.known || there.value.has(name)) return undefined;
  return `the guest has none (${said.ifThere})`;
}
