import { lineOf } from "../../core/kernel/cmdline/say";
import type { Settled } from "../../core/tuning/profiles/types";
import type { KernelLine } from "./kernel-line";
import type { Place } from "./place";
import type { Params } from "./wanted";

export interface OutputsOf {
  settled: Settled;
  params: Params;
  place: Place;
  line: KernelLine;
  notes: readonly string[];
}

/** What is known before anything is written. */
export function outputsOf({ settled, params, place, line, notes }: OutputsOf): Record<string, unknown> {
  return {
    kernelLine: lineOf(params),
    place: placeText(place),
    settings: Object.fromEntries(
      settled.settings.map(({ what, key, value }) => [`${what} ${key}`, value === null ? "(taken away)" : value]),
    ),
    notSet: settled.leftOut.map(({ key, why }) => `${key}: ${why}`),
    notes: [...notes],
    ...(line.trial
      ? {
          trialEntry: {
            entry: line.trial.entry,
            catches: [...line.trial.means.catches],
            misses: [...line.trial.means.misses],
          },
        }
      : {}),
  };
}

function placeText(place: Place): string {
  if (place.kind === "launch") return `-B of the launch script of ${place.vm}`;
  if (place.kind === "none") return "unknown";
  const { file, variable, regenerate, generated } = place.place;
  const made = generated === undefined ? "" : `, from which ${(regenerate ?? []).join(" ")} makes ${generated}`;
  return `${variable === undefined ? "" : `${variable} in `}${file}${made}`;
}
