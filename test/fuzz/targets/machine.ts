import assert from "node:assert/strict";
import { draftOf } from "../../../provider/converge/draft";
import { factsFrom } from "../../../provider/converge/facts";
import { planResource, planWithdrawal } from "../../../provider/converge/plan-resource";
import { BOARD_PATH, RECORD_PATH } from "../../../provider/core/acrn/evidence";
import { factsSummary } from "../../../provider/core/acrn/facts-summary";
import { SOURCE_PATH } from "../../../provider/core/acrn/scenario-document";
import { LEDGER_PATH } from "../../../provider/core/claims/ledger";
import { isEmpty } from "../../../provider/core/plan/types";
import { type CorePartitionArgs, corePartitionKind } from "../../../provider/resources/core-partition";
import { kindOf } from "../../../provider/resources/kinds";
import { bundle, unbundle } from "../bundle";
import { mutated } from "../mutate";
import { type Json, mutatedJson } from "../mutate-json";
import { ELEMENTS } from "../mutate-xml";
import type { Random } from "../random";
import { once, words } from "../seeds";
import { Refused, type Target } from "../target";
import { type Files, machines, VM } from "./machine-seeds";
import { applied, shown, snapshotOf } from "./machine-snapshot";

/** What a live machine answers beside its files, under names that no file has. */
const TEXTS: Files = {
  "text:acrn-dm": "41",
  "text:proc/41/cmdline": `acrn-dm\0--cpu_affinity\0${4},6\0${VM}`,
  "text:proc/stat": "cpu 1 2\nbtime 1700000000\n",
  "text:dev/acrn_hsm": "present",
};

const KEPT = [BOARD_PATH, RECORD_PATH, SOURCE_PATH, LEDGER_PATH];

const seeds = once(() =>
  machines().map((files) => {
    const real = (path: string) =>
      files[path] ?? Object.entries(files).find(([each]) => each.endsWith(`/${path.split("/").at(-1)}`))?.[1];
    const kept = KEPT.flatMap((path) => {
      const text = path === RECORD_PATH ? recordOf(files) : real(path);
      return text === undefined || (path === SOURCE_PATH && !(SOURCE_PATH in files)) ? [] : [[path, text] as const];
    });
    return { ...Object.fromEntries(kept), ...TEXTS };
  }),
);

function recordOf(files: Files): string | undefined {
  return Object.entries(files).find(([path]) => path.startsWith("/usr/") && path.endsWith("/scenario.xml"))?.[1];
}

const WORDS = words(
  `/etc/x.sh acrn-dm --cpu_affinity 1 2 3 ${VM} POST_STD_VM2 id-dev id-prod cpu_affinity scenario "applied":null "previous":"x" [] {}`,
);

/** What the claim of another field or of a later version holds. */
const VALUES: Json[] = [
  [1],
  [3, 4096],
  [],
  [1.5],
  [null],
  "3",
  null,
  3,
  { a: 1 },
  "<pcpu",
  "</cpu_affinity>",
  "cmdline isolcpus",
  "other",
];

/** The tools of the file's own format, on one file of a machine; the others stay whole. */
function make(random: Random): Buffer {
  const files: Files = random.pick(seeds());
  // The ledger steers everything, and nothing else has values of any type.
  const path = LEDGER_PATH in files && random.oneIn(2) ? LEDGER_PATH : random.pick(Object.keys(files));
  const seed = Buffer.from(files[path] as string);
  const other =
    path === LEDGER_PATH && !random.oneIn(4)
      ? mutatedJson(random, JSON.parse(seed.toString()) as Json, VALUES)
      : mutated(random, { seeds: [seed], words: WORDS, ...(path.endsWith(".xml") ? { changes: ELEMENTS } : {}) });
  return bundle({ ...files, [path]: other });
}

const ARGS: CorePartitionArgs[] = [
  { vms: { [VM]: [3] }, neighbours: "evict" },
  { vms: { [VM]: { cores: 1 } }, neighbours: "refuse" },
  { vms: { __proto__2: [1], constructor: [2], toString: { cores: 1 } }, neighbours: "evict" },
];

/** A whole machine, from the read to the plan: facts, the plan of a resource, and what a destroy would give back. */
export const machine: Target = {
  name: "machine",
  runs: 500,
  make,
  run: (input) => {
    const snapshot = snapshotOf(unbundle(input));
    const draft = draftOf(snapshot, { connection: { root: "fuzz" } });
    const facts = factsSummary(factsFrom(draft));
    const who = { stack: "dev", kind: corePartitionKind.type, urns: ["urn:dev::part"] };
    const args = ARGS[input.length % ARGS.length] as CorePartitionArgs;
    const given = shown(planWithdrawal(draft, Object.values(draft.ledger.owners), kindOf));
    const planned = planResource(draft, corePartitionKind, who, args);
    if (planned.refusals.length > 0) return new Refused(planned.refusals[0]?.code ?? "");
    const again = planResource(draftOf(applied(snapshot, planned), draft.settings), corePartitionKind, who, args);
    assert.ok(isEmpty(again.plan), `apply, then plan again is empty, but: ${again.lines.join("; ")}`);
    return [facts, given, shown(planned)];
  },
};
