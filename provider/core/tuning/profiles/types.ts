import type { Fact } from "../fact";

/** Where a setting lives: the kernel command line, sysctl.d, a unit of the init system, a file of sysfs or procfs. */
export type What = "kernelArg" | "sysctl" | "service" | "runtime";

export const WHATS: readonly What[] = ["kernelArg", "sysctl", "service", "runtime"];

/** Guest CPUs (vCPU numbers as the guest's kernel counts them), ascending. */
export interface CpuLists {
  rt: readonly number[];
  housekeeping: readonly number[];
}

/**
 * One setting of a profile, as data that can be printed and written down in a program.
 *
 * `value` may name the CPU lists: `{rt}` and `{housekeeping}` as lists (`1-3`), `{rtMask}` and `{housekeepingMask}` as the kernel's masks
 * (`e`), `{rtBits}` as one hexadecimal number (`0xe`). `true` is a parameter without a value (`rcu_nocb_poll`).
 */
export interface Entry {
  what: What;
  key: string;
  value: string | true;
  /** One line: what it is good for. */
  reason: string;
  /** Where the advice stands. */
  source: string;
  /** Row of the table of tips (`T10`). */
  tip?: string;
  /** Set it only where the guest has such a key (sysctl, unit, knob): with the reason why it can be missing. */
  ifThere?: string;
}

export interface Profile {
  name: string;
  /** One line. */
  summary: string;
  /** Built on this one: its entries come first, and same keys are replaced. */
  base?: string;
  entries: readonly Entry[];
  /** What differs from the base, and what was weighed and left as it is: sentences for the docs and for `inspect`. */
  differences?: readonly string[];
}

/** (?) rows and rows without a mark: said to help by some, never a default. */
export interface Offer extends Entry {
  /** `contested`: experts disagree. `optional`: harmless or helpful, and not everybody's. */
  standing: "contested" | "optional";
}

/**
 * What a program says of single keys. A value replaces the profile's. `false`: the profile's setting is dropped, and what the guest has stays as it
 * is. `null`: a kernel argument is taken off the line; of the other kinds it says the same as `false`.
 */
export type Override = string | number | true | null | false;

export interface Overrides {
  kernelArgs?: Readonly<Record<string, Override>>;
  sysctls?: Readonly<Record<string, Override>>;
  services?: Readonly<Record<string, Override>>;
  runtime?: Readonly<Record<string, Override>>;
}

/** What of a guest decides whether an entry applies. Unknown: it applies. */
export interface ProfileFacts {
  /** Dotted names below /proc/sys. */
  sysctls: Fact<ReadonlySet<string>>;
  /** Names of unit files. */
  units: Fact<ReadonlySet<string>>;
  /** Names of runtime knobs of which a path is there. */
  knobs: Fact<ReadonlySet<string>>;
}

/** A setting as it is to be. `null`: it shall not be there. */
export interface Setting {
  what: What;
  key: string;
  value: string | true | null;
  reason: string;
  source: string;
  tip?: string;
  /** Where the value comes from: `profile acrn-tips`, `kernelArgs.mce`. */
  from: string;
  /** What it replaced, the nearest first. */
  over: readonly Replaced[];
}

export interface Replaced {
  from: string;
  /** As it is written in the profile, with its placeholders. */
  value: string | true | null | false;
}

/** A setting of the profile that is not made, and why. */
export interface LeftOut {
  what: What;
  key: string;
  from: string;
  why: string;
}

export interface Settled {
  /** In the order of the profile; a key of several kinds stands once per kind. */
  settings: readonly Setting[];
  leftOut: readonly LeftOut[];
}
