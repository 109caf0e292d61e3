import type { Refusal } from "../../plan/types";
import type { Fact } from "../fact";
import type { CpuLists } from "../profiles/types";

/** A parameter of a kernel command line; `true` has no value. */
export interface Argument {
  key: string;
  value: string | true;
}

/** What is known of the guest. */
export interface GuestFacts {
  /** A real-time VM on ACRN: nothing in it may reset (acrn-reference 7b). */
  rtvm: Fact<boolean>;
  /** CPUs that the guest has, ascending. */
  cpus: Fact<readonly number[]>;
  /** Whether the local APIC is in x2APIC mode. */
  x2apicMode: Fact<boolean>;
  /** The flag of /proc/cpuinfo: whether it could be. */
  x2apicCapable: Fact<boolean>;
  /** VMX_TSC_OFFSET_FULL, as far as the time of RDMSR 0x3b tells. */
  tscOffset: Fact<"zero" | "not zero">;
  preemptRt: Fact<boolean>;
  /** `uname -r`: `6.1.0-21-rt-amd64`. */
  kernelRelease: Fact<string>;
  /** /proc/sys/kernel/panic. */
  panicTimeout: Fact<number>;
  /** What would reset the guest when nobody feeds it (`watchdogsOf`), or by itself (`rebootersOf`). */
  watchdogs: Fact<readonly Watchdog[]>;
}

export interface Watchdog {
  /** `RuntimeWatchdogSec=30`, `watchdog.service`. */
  what: string;
  /** The file that says so. */
  where: string;
}

export interface CheckInput {
  /** The whole command line as it is to be, other people's parameters included, in order. */
  line: readonly Argument[];
  /** By dotted name: what sysctl.d comes to once ours is written. */
  sysctls: ReadonlyMap<string, string>;
  /** Runtime knobs that are set, by name. */
  knobs: ReadonlyMap<string, string>;
  cpus: CpuLists;
  /** The lists come from the program, not from a partition. */
  byHand: boolean;
  allowRtMonopoly: boolean;
  /** The guest's RT tasks run on Xenomai's core. */
  xenomai: boolean;
  guest: GuestFacts;
}

/** `refusal`: nothing is written. `warning`: it is, and said. `note`: what could not be checked. */
export type Severity = "refusal" | "warning" | "note";

/** What a rule says; `code` is the rule's id (`tuning.panic`). */
export interface Finding extends Refusal {
  severity: Severity;
}

export type Rule = (input: CheckInput) => Finding[];
