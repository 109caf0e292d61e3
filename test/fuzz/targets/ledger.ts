import assert from "node:assert/strict";
import { LEDGER_PATH, parseLedger, serialiseLedger } from "../../../provider/core/claims/ledger";
import { decodeUtf8 } from "../../../provider/core/text/utf8";
import { mutated } from "../mutate";
import { type Json, mutatedJson } from "../mutate-json";
import { once, words } from "../seeds";
import type { Target } from "../target";
import { ledgers } from "./machine-seeds";
import { rtLedgers } from "./rt-machine-seeds";

const LEDGER_WORDS = words(
  '{ } [ ] : , "a": "format":2 "format":1 "claims" "baseline" "owners" "__proto__":{} \\u0000 \\ud800 \\x tru 1e 01 .5 // /*',
);

const VALUES: Json[] = [
  { kind: "absent" },
  { kind: "value", value: [1], raw: "<a" },
  "scenario vm[x]/cpu_affinity",
  "cmdline isolcpus",
  "file[/root/rt.sh] arg[-m]",
  "file[/root/../rt.sh] whole",
  2,
  { format: [2] },
];

const seeds = once(() => [...ledgers(), ...rtLedgers()].map((text) => Buffer.from(text)));

export const ledger: Target = {
  name: "ledger",
  runs: 4_000,
  make: (random) =>
    random.oneIn(2)
      ? mutated(random, { seeds: seeds(), words: LEDGER_WORDS })
      : mutatedJson(random, JSON.parse(random.pick(seeds()).toString()) as Json, VALUES),
  run: (input) => {
    const text = decodeUtf8(input, LEDGER_PATH);
    const read = parseLedger(text);
    const written = serialiseLedger(read);
    if (written === undefined) return read;
    assert.deepEqual(parseLedger(written), read, "what was written reads back");
    assert.equal(serialiseLedger(parseLedger(written)), written, "what is written unchanged stays byte for byte");
    return read;
  },
  texts: (input) => new Map([[LEDGER_PATH, input.toString("utf8")]]),
  grow: {
    nesting: (n) => Buffer.from(`{"format":1,"fields":${"[".repeat(n)}`),
    "closed nesting": (n) => Buffer.from(`{"format":${"[".repeat(n / 2)}${"]".repeat(n / 2)}}`),
    "a long string": (n) => Buffer.from(`{"format":1,"x":"${"\\u0041".repeat(n / 6)}`),
    owners: (n) => ledgerOf(n / 90),
  },
};

function ledgerOf(count: number): Buffer {
  const ids = Array.from({ length: count }, (_, at) => `id${at}`);
  const owners = Object.fromEntries(
    ids.map((id, sequence) => [id, { id, stack: "dev", urn: id, kind: "CorePartition", sequence }]),
  );
  const claims = Object.fromEntries(ids.map((id) => [id, [1]]));
  const fields = { "scenario vm[x]/cpu_affinity": { claims } };
  return Buffer.from(JSON.stringify({ format: 1, sequence: 1, owners, documents: {}, fields }));
}
