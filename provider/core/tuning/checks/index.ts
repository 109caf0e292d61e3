import { mce, rtMonopoly } from "./contradictions";
import { cpuLists } from "./cpu-lists";
import { isolation } from "./isolation";
import { isolcpusFlags } from "./isolcpus-flags";
import { hostOnly, preemptRt, tscOffset, x2apic } from "./machine";
import { otherResets } from "./other-resets";
import { panics } from "./panics";
import { reset } from "./reset";
import type { CheckInput, Finding, Rule } from "./types";

/** In the order in which they are said. */
const RULES: readonly Rule[] = [
  cpuLists,
  isolation,
  isolcpusFlags,
  mce,
  rtMonopoly,
  reset,
  otherResets,
  panics,
  x2apic,
  tscOffset,
  preemptRt,
  hostOnly,
];

/** What the rules say of a tuning before it is written. Nothing is decided here of what to do with it. */
export function checkTuning(input: CheckInput): Finding[] {
  return RULES.flatMap((rule) => rule(input));
}
