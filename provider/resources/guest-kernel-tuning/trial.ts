import { wholeId } from "../../core/acrn/file-document";
import type { Wish } from "../../core/claims/types";
import { setParam } from "../../core/kernel/cmdline";
import {
  customCfgPath,
  TRIAL_MARKER,
  type TrialMeans,
  trialEntry,
  trialFieldId,
  trialId,
  trialLine,
  trialMeans,
  trialText,
} from "../../core/kernel/trial";
import { watchFiles } from "../../core/kernel/trial/watch";
import type { Refusal } from "../../core/plan/types";
import type { Snapshot } from "../../core/snapshot";
import { fingerprint } from "../../core/text/fingerprint";
import type { GuestMachine } from "../../core/tuning/guest/machine";
import { bootsNow } from "./boots-now";
import type { Place } from "./place";
import type { Params } from "./wanted";

type InFile = Extract<Place, { kind: "file" }>;

/** A line that is tried once before it becomes the default: what is written for that, and what it catches and does not. */
export interface Trial {
  wishes: Wish[];
  entry: string;
  means: TrialMeans;
}

export interface TrialOf {
  snapshot: Snapshot;
  machine: GuestMachine;
  place: InFile;
  /** What the default is to say once it was confirmed. */
  target: Params;
  /** Which of that is claimed then. */
  wanted: Params;
  /** systemd starts the unit that goes back by itself. */
  units: boolean;
  /** See `TrialMachine`. */
  tripleFault: boolean;
}

/** @throws AcrnError where GRUB would not read the line as it is */
export function trialOf(what: TrialOf): Trial | Refusal {
  const { machine, place, target, wanted } = what;
  const no = refusedBecause(what);
  if (no !== undefined) return no;
  const boots = bootsNow(place);
  if (typeof boots === "string") return cannot(boots);
  const kind = machine.kind === "other" ? "other" : "rtvm";
  const means = trialMeans({ kind, initrd: initrdOf(what.snapshot), watchdog: false, tripleFault: what.tripleFault });
  const line = Object.entries(target).reduce((sofar, [key, value]) => setParam(sofar, key, value), boots.boots.line);
  const id = fingerprint(`${line} ${boots.boots.kernel.sources.join(" ")} ${JSON.stringify(target)}`);
  const entry = trialEntry(boots, id, setParam(trialLine(line, means), TRIAL_MARKER, id));
  const note = { id, line: place.line, params: target, means: Object.keys(means.params), claims: Object.keys(wanted) };
  return {
    wishes: [
      { field: trialFieldId(customCfgPath(place.place.menu as string)), value: trialText(note, entry) },
      ...[...watchFiles(kind)].map(([path, text]) => ({ field: wholeId(path), value: text })),
    ],
    entry: trialId(id),
    means,
  };
}

function refusedBecause({ machine, place, units }: TrialOf): Refusal | undefined {
  const { loader, oneShot } = place.place;
  if (machine.kind === "service") return cannot("the Service VM boots with its host, and no trial of its line is made");
  if (loader !== "grub" && loader !== "grub-bls") return cannot(`${loader} has no entry of ours to try: only GRUB has`);
  if (!units)
    return cannot("a boot that nobody confirms is ended by a unit of systemd, and this machine has no systemd");
  return oneShot.possible ? undefined : cannot(oneShot.why);
}

function cannot(why: string): Refusal {
  return {
    tip: "T10",
    code: "tuning.no-trial",
    property: "trial",
    message: `the new kernel line cannot be tried once before it becomes the default: ${why}`,
    hint: "`trial: false` writes the default at once: if that line does not boot, nothing brings the machine back by itself.",
  };
}

function initrdOf({ files }: Snapshot): "initramfs-tools" | "dracut" | "unknown" {
  const has = (path: string) => files.get(path)?.kind === "file";
  if (has("/etc/initramfs-tools/initramfs.conf")) return "initramfs-tools";
  return has("/etc/dracut.conf") ? "dracut" : "unknown";
}
