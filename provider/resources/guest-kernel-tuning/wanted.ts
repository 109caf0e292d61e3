import { checkParam, fieldKey, type ParamValue } from "../../core/kernel/cmdline";
import { isGroup } from "../../core/kernel/cmdline/keys";
import { printWord, wordsFor } from "../../core/kernel/cmdline/value";
import type { Snapshot } from "../../core/snapshot";
import { unknown } from "../../core/tuning/fact";
import { profileFacts } from "../../core/tuning/guest/profile-facts";
import { ofKind, settle, type Wanted } from "../../core/tuning/profiles/settle";
import type { CpuLists, Profile, ProfileFacts, Settled } from "../../core/tuning/profiles/types";
import type { GuestKernelTuningArgs } from "./schema";

const nothing = unknown("not asked");
const ANY: ProfileFacts = { sysctls: nothing, units: nothing, knobs: nothing };

function wantedOf({ profile, kernelArgs, sysctls, services, runtime }: GuestKernelTuningArgs): Wanted {
  return { profile: profile as string | Profile, overrides: { kernelArgs, sysctls, services, runtime } };
}

/** What is wished of this guest. @throws AcrnError `tuning.*` */
export function settledFor(args: GuestKernelTuningArgs, cpus: CpuLists, snapshot: Snapshot): Settled {
  return settle(wantedOf(args), cpus, profileFacts(snapshot, keysOf(args, "sysctl")));
}

/** Every key of a kind that the arguments may set, whatever the guest has. */
export function keysOf(args: GuestKernelTuningArgs, what: "sysctl" | "service" | "runtime"): string[] {
  return ofKind(settle(wantedOf(args), { rt: [1], housekeeping: [0] }, ANY), what).map(({ key }) => key);
}

export type Params = Readonly<Record<string, ParamValue | null>>;

/** Kernel arguments by field, in the order of the profile; names that mean something only together are one field. */
export function paramsOf(settled: Settled): Params {
  const out: Record<string, ParamValue | null> = {};
  for (const { key: name, value } of ofKind(settled, "kernelArg")) {
    const key = fieldKey(name);
    const before = out[key];
    const together = isGroup(key) && before !== undefined && before !== null && value !== null;
    const word = printWord(name, value as string | true);
    out[key] = together
      ? checkParam(key, [...wordsOf(key, before), word], `kernelArgs.${name}`)
      : checkParam(key, isGroup(key) && name !== key && value !== null ? [word] : value, `kernelArgs.${name}`);
  }
  return out;
}

function wordsOf(key: string, value: ParamValue): string[] {
  return wordsFor(key, value).map((word) => printWord(word.name, word.value));
}
