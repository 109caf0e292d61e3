import { wholeId } from "../../core/acrn/file-document";
import type { Wish } from "../../core/claims/types";
import type { Refusal } from "../../core/plan/types";
import type { Snapshot } from "../../core/snapshot";
import { initOf, unitFilesOf } from "../../core/tuning/guest/profile-facts";
import { ofKind } from "../../core/tuning/profiles/settle";
import type { Settled } from "../../core/tuning/profiles/types";
import { RUNTIME_SCRIPT, runtimeScript } from "../../core/tuning/runtime/script";
import {
  TUNING_DROP_IN_PATH,
  TUNING_DROP_IN_TEXT,
  TUNING_UNIT_PATH,
  TUNING_UNIT_TEXT,
} from "../../core/tuning/runtime/unit";
import { noUnitsBecause } from "../../core/tuning/services/init";
import { planMasks } from "../../core/tuning/services/masks";
import { MASK, maskId } from "../../core/tuning/services/surface";
import { sysctlId } from "../../core/tuning/sysctl/fragment";
import { runningSysctlId, runningSysctlValue, textNameOf } from "../../core/tuning/sysctl/running";

/** Everything but the kernel's line. */
export interface Rest {
  wishes: Wish[];
  refusals: Refusal[];
  /** What is left undone, and what it takes along. */
  warnings: string[];
  notes: string[];
}

export function restOf(settled: Settled, snapshot: Snapshot): Rest {
  const units = noUnitsBecause(initOf(snapshot));
  return together([
    sysctls(settled, snapshot),
    units ? withoutUnits(settled, units) : services(settled, snapshot),
    units ? NONE : runtime(settled),
  ]);
}

/** Is there somebody who starts our unit at each boot? */
export function startsUnits(snapshot: Snapshot): boolean {
  return noUnitsBecause(initOf(snapshot)) === undefined;
}

const NONE: Rest = { wishes: [], refusals: [], warnings: [], notes: [] };

function together(parts: readonly Rest[]): Rest {
  return {
    wishes: parts.flatMap(({ wishes }) => wishes),
    refusals: parts.flatMap(({ refusals }) => refusals),
    warnings: parts.flatMap(({ warnings }) => warnings),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** In the fragment for each boot, and now where the kernel has it. */
function sysctls(settled: Settled, { texts, kind }: Snapshot): Rest {
  const wishes = ofKind(settled, "sysctl").flatMap(({ key, value }) => {
    const written = { field: sysctlId(key), value: String(value) };
    const field = runningSysctlId(key);
    const now = runningSysctlValue(String(value));
    const runs = kind === "live" && texts.has(textNameOf(field) ?? "") && now !== undefined;
    return runs ? [written, { field, value: now }] : [written];
  });
  return { ...NONE, wishes };
}

function services(settled: Settled, snapshot: Snapshot): Rest {
  const units = ofKind(settled, "service").map(({ key }) => key);
  const { mask, refusals, notes } = planMasks(units, unitFilesOf(snapshot));
  return { ...NONE, wishes: mask.map((unit) => ({ field: maskId(unit), value: MASK })), refusals, notes };
}

function withoutUnits(settled: Settled, { why, hint }: { why: string; hint: string }): Rest {
  const asked = ofKind(settled, "service").length + ofKind(settled, "runtime").length;
  return asked === 0 ? NONE : { ...NONE, warnings: [`T13: ${why}. ${hint}`] };
}

function runtime(settled: Settled): Rest {
  const settings = ofKind(settled, "runtime").map(({ key, value }) => ({ key, value: String(value) }));
  if (settings.length === 0) return NONE;
  const files = [
    [RUNTIME_SCRIPT, runtimeScript(settings)],
    [TUNING_UNIT_PATH, TUNING_UNIT_TEXT],
    [TUNING_DROP_IN_PATH, TUNING_DROP_IN_TEXT],
  ] as const;
  return { ...NONE, wishes: files.map(([path, value]) => ({ field: wholeId(path), value })) };
}
