import assert from "node:assert/strict";
import type { Argument, CheckInput, Finding, GuestFacts } from "../../../../provider/core/tuning/checks/types";
import { known, unknown } from "../../../../provider/core/tuning/fact";

/** A real-time VM of four CPUs about which everything is known and good. */
export const GOOD: GuestFacts = {
  rtvm: known(true),
  cpus: known([0, 1, 2, 3]),
  x2apicMode: known(true),
  x2apicCapable: known(true),
  tscOffset: known("zero"),
  preemptRt: known(true),
  kernelRelease: known("6.1.0-21-rt-amd64"),
  panicTimeout: known(0),
  watchdogs: known([]),
};

/** The same, of which nobody knows anything. */
export const DARK: GuestFacts = {
  rtvm: unknown("nobody said"),
  cpus: unknown("a folder"),
  x2apicMode: unknown("a folder"),
  x2apicCapable: unknown("a folder"),
  tscOffset: unknown("a folder"),
  preemptRt: unknown("a folder"),
  kernelRelease: unknown("a folder"),
  panicTimeout: unknown("a folder"),
  watchdogs: unknown("a folder"),
};

/** `isolcpus=1 quiet` as arguments. */
export function argumentsOf(line: string): Argument[] {
  return line
    .split(" ")
    .filter((word) => word !== "")
    .map((word): Argument => {
      const at = word.indexOf("=");
      return at === -1 ? { key: word, value: true } : { key: word.slice(0, at), value: word.slice(at + 1) };
    });
}

export interface Case extends Partial<Omit<CheckInput, "line" | "guest" | "sysctls" | "knobs">> {
  line?: string;
  sysctls?: Record<string, string>;
  knobs?: Record<string, string>;
  guest?: Partial<GuestFacts>;
}

export function inputOf({ line = "", sysctls = {}, knobs = {}, guest = {}, ...rest }: Case): CheckInput {
  return {
    line: argumentsOf(line),
    sysctls: new Map(Object.entries(sysctls)),
    knobs: new Map(Object.entries(knobs)),
    cpus: { rt: [1, 2, 3], housekeeping: [0] },
    byHand: false,
    allowRtMonopoly: false,
    xenomai: false,
    guest: { ...GOOD, ...guest },
    ...rest,
  };
}

/** Each says what is wrong and what to do, in sentences, and names its tip. */
export function assertSpoken(found: readonly Finding[]): void {
  for (const { message, hint, tip } of found) {
    assert.ok(message.length > 10 && !message.includes("undefined"), message);
    assert.match(hint, /[.`}]$/, hint);
    assert.match(tip, /^(?:T\d\d|7b|)$/, message);
  }
}
