import type { Wish } from "../core/claims/types";
import { customCfgPath, trialDocumentId } from "../core/kernel/trial";
import { watchFiles } from "../core/kernel/trial/watch";
import type { Snapshot } from "../core/snapshot";
import { waitsForCpus } from "../core/tuning/checks/cpu-lists";
import { guestFacts } from "../core/tuning/guest/facts";
import { guestMachine } from "../core/tuning/guest/machine";
import { GUEST_EVIDENCE_TEXTS } from "../core/tuning/guest/places";
import { sysctlFilesOf } from "../core/tuning/guest/profile-facts";
import { RUNTIME_SCRIPT } from "../core/tuning/runtime/script";
import {
  TUNING_DROP_IN_PATH,
  TUNING_DROP_IN_TEXT,
  TUNING_UNIT_PATH,
  TUNING_UNIT_TEXT,
} from "../core/tuning/runtime/unit";
import { UNIT_FOLDER, unitId } from "../core/tuning/services/surface";
import { SYSCTL, SYSCTL_FRAGMENT } from "../core/tuning/sysctl/fragment";
import { runningSysctlDocumentId, runningSysctlId, textNameOf } from "../core/tuning/sysctl/running";
import { cpuListsOf } from "./guest-kernel-tuning/cpus";
import { findings } from "./guest-kernel-tuning/findings";
import { kernelLine } from "./guest-kernel-tuning/kernel-line";
import { observe } from "./guest-kernel-tuning/observe";
import { outputsOf } from "./guest-kernel-tuning/outputs";
import { tuningPending } from "./guest-kernel-tuning/pending";
import { placeOf } from "./guest-kernel-tuning/place";
import { restOf } from "./guest-kernel-tuning/rest";
import { type GuestKernelTuningArgs, guestKernelTuningSchema } from "./guest-kernel-tuning/schema";
import { keysOf, paramsOf, settledFor } from "./guest-kernel-tuning/wanted";
import type { Declared, ResourceKind, View } from "./kind";

const WATCH = [watchFiles("rtvm"), watchFiles("other")] as const;

/** What it writes whole and always the same. */
const CONSTANT = new Map([
  [TUNING_UNIT_PATH, { text: [TUNING_UNIT_TEXT], what: "runs the runtime knobs at each boot" }],
  [TUNING_DROP_IN_PATH, { text: [TUNING_DROP_IN_TEXT], what: "has that unit started" }],
  ...[...WATCH[0].keys()].map((path) => {
    const text = WATCH.flatMap((files) => files.get(path) ?? []);
    return [path, { text, what: "ends the trial's boot unless an Activation confirms it" }] as const;
  }),
]);

/** Kernel arguments, sysctls, services and runtime knobs of a guest (T10 to T13, T17 to T19). Claims single keys, in the places that this guest really reads. */
export const guestKernelTuningKind: ResourceKind<GuestKernelTuningArgs> = {
  type: "GuestKernelTuning",
  schema: guestKernelTuningSchema,
  onePerMachine: true,
  outputs: ["kernelLine", "place", "settings", "notSet", "notes", "trialEntry"],
  files: () => [RUNTIME_SCRIPT, ...CONSTANT.keys()],
  reads: (args) => [SYSCTL_FRAGMENT, ...keysOf(args, "service").map((unit) => `${UNIT_FOLDER}/${unit}`)],
  texts: (args) => [
    ...GUEST_EVIDENCE_TEXTS,
    ...keysOf(args, "sysctl").flatMap((key) => textNameOf(runningSysctlId(key)) ?? []),
  ],
  documents,
  constant: CONSTANT,
  declare,
  pending: tuningPending,
  observe,
};

function documents(snapshot: Snapshot, args: GuestKernelTuningArgs): string[] {
  const place = placeOf(snapshot, guestMachine(snapshot, undefined));
  const menu = place.kind === "file" ? place.place.menu : undefined;
  return [
    ...(place.kind === "file" ? [place.line] : []),
    ...(menu === undefined ? [] : [trialDocumentId(customCfgPath(menu))]),
    SYSCTL,
    ...keysOf(args, "service").map(unitId),
    ...keysOf(args, "sysctl").map(runningSysctlDocumentId),
  ];
}

function declare(view: View, args: GuestKernelTuningArgs): Declared {
  const { snapshot } = view;
  const machine = guestMachine(snapshot, view.guest?.vm);
  const guest = guestFacts(snapshot, machine);
  const { lists: cpus, byHand } = cpuListsOf(args, guest.cpus);
  const settled = settledFor(args, cpus, snapshot);
  const params = paramsOf(settled);
  const waits = waitsForCpus(cpus, byHand, guest);
  if (waits !== undefined) return waiting(view, waits);
  const place = placeOf(snapshot, machine);
  const line = kernelLine({ view, args, machine, place, params });
  const rest = restOf(settled, snapshot);
  const fragments = sysctlFilesOf(snapshot);
  const said = findings({ args, settled, cpus, byHand, guest, line: line.base, params: line.target, fragments });
  const of = (severity: string) => said.filter((each) => each.severity === severity);
  const sentence = ({ tip, message, hint }: (typeof said)[number]) => `${tip ? `${tip}: ` : ""}${message}. ${hint}`;
  return {
    wishes: [...line.wishes, ...rest.wishes],
    outputs: outputsOf({
      settled,
      params,
      place,
      line,
      notes: [...of("note").map(sentence), ...rest.notes, ...line.notes],
    }),
    warnings: [...of("warning").map(sentence), ...rest.warnings, ...line.warnings],
    refusals: [...of("refusal"), ...line.refusals, ...rest.refusals],
    reasons: line.reasons,
  };
}

/** The guest has not been started with all its vCPUs yet: what it holds stays, and nothing new is written. */
function waiting({ former }: View, why: string): Declared {
  const wishes: Wish[] = [...former].map(([field, value]) => ({ field, value }));
  return {
    wishes,
    outputs: { notes: [why] },
    warnings: [`T10: ${why}. The next up after that writes it.`],
    refusals: [],
    reasons: [],
  };
}
