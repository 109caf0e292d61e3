import assert from "node:assert/strict";
import { scenarioSurface } from "../../../provider/core/acrn/scenario-surface";
import { LEDGER_PATH, parseLedger } from "../../../provider/core/claims/ledger";
import { checkRecorded } from "../../../provider/core/claims/recorded";
import type { FieldValue } from "../../../provider/core/claims/types";
import { AcrnError } from "../../../provider/core/errors";

/** Ledgers that broke the reader once (test/fuzz), and what is said of each. */

const whole = { format: 1, sequence: 0, owners: {}, documents: {}, fields: {} };
const owner = { id: "a", stack: "s", urn: "u", kind: "k", sequence: 1 };
const FIELD = "scenario vm[RT]/cpu_affinity";
const text = (more: object) => JSON.stringify({ ...whole, ...more }, null, 1);
const nested = (depth: number) => `{"format":1,\n "fields":${"[".repeat(depth)}${"]".repeat(depth)}}`;

const rows: [what: string, text: string, code: string, place: [line: number, column: number], message: RegExp][] = [
  ["nothing", "", "ledger.format", [1, 1], /no JSON from here on/],
  ["a cut one", '{"format": 1,', "ledger.format", [1, 14], /no JSON/],
  ["a terminal escape", '{\n"\x1b[2J": 1}', "ledger.format", [2, 2], /no JSON/],
  ["no object", "[]", "ledger.format", [1, 1], /expected object/],
  ["a format that is no number", text({ format: { toString: 1, valueOf: 1 } }), "ledger.format", [2, 12], /format/],
  [
    "a format of brackets",
    `{"format":${"[".repeat(9000)}${"]".repeat(9000)}}`,
    "ledger.format",
    [1, 74],
    /levels deep/,
  ],
  ["a later format", text({ format: 2 }), "ledger.newer", [2, 12], /newer pulumi-acrn/],
  ["depth that ends the stack", nested(9000), "ledger.format", [2, 74], /more than 64 levels deep/],
  ["a key __proto__", '{"format":1,\n"owners":{"__proto__":{}}}', "ledger.format", [2, 23], /key __proto__/],
  [
    "an owner under another id",
    text({ owners: { b: owner } }),
    "ledger.format",
    [5, 8],
    /owner b says that its id is a/,
  ],
  [
    "a claim of nobody",
    text({ fields: { [FIELD]: { claims: { constructor: [1] } } } }),
    "ledger.format",
    [9, 20],
    /unknown owner constructor/,
  ],
  [
    "a path that is none",
    text({ documents: { scenario: { path: "x", original: null } } }),
    "ledger.format",
    [7, 12],
    /documents.scenario.path/,
  ],
];

describe("ledger: what is not ours to understand", () => {
  for (const [what, ledger, code, [line, column], message] of rows)
    it(`${what}: ${code} at ${line}:${column}`, () => {
      assert.throws(
        () => parseLedger(ledger),
        (error) => {
          assert.ok(error instanceof AcrnError, String(error));
          assert.match(error.message, message);
          assert.deepEqual(
            [error.code, error.where?.file, error.where?.line, error.where?.column],
            [code, LEDGER_PATH, line, column],
          );
          return true;
        },
      );
    });
});

const RAW = "<cpu_affinity><pcpu_id>2</pcpu_id></cpu_affinity>";

const values: [what: string, record: object, taken: boolean][] = [
  [
    "pCPUs",
    { claims: { a: [2, 3] }, applied: [2], previous: [], baseline: { kind: "value", value: [2], raw: RAW } },
    true,
  ],
  ["a claim that is a word", { claims: { a: "2-3" } }, false],
  ["a claim on nothing", { claims: { a: null } }, false],
  ["a pCPU that there is nowhere", { claims: { a: [4096] } }, false],
  ["half a pCPU", { claims: { a: [1.5] } }, false],
  ["a last value that is an object", { claims: {}, applied: { length: 1 } }, false],
  [
    "an original that is half an element",
    { claims: {}, baseline: { kind: "value", value: [2], raw: "<cpu_affinity>" } },
    false,
  ],
  ["an original that is two", { claims: {}, baseline: { kind: "value", value: [2], raw: RAW + RAW } }, false],
  [
    "an original that is another",
    { claims: {}, baseline: { kind: "value", value: [2], raw: "<name>x</name>" } },
    false,
  ],
];

describe("ledger: values that no version of ours has written", () => {
  const documents = new Map([
    ["scenario", { id: "scenario", path: "/s.xml", surface: scenarioSurface, live: undefined }],
  ]);

  for (const [what, record, taken] of values)
    it(`${what}: ${taken ? "taken" : "refused with its place"}`, () => {
      const ledger = text({ owners: { a: owner }, fields: { [FIELD]: record } });
      const check = () => checkRecorded(parseLedger(ledger), documents, ledger);
      if (taken) return check();
      assert.throws(check, (error) => {
        assert.ok(error instanceof AcrnError, String(error));
        assert.equal(error.code, "ledger.format");
        assert.ok((error.where?.line ?? 0) > 1, error.message);
        return true;
      });
    });

  it("fields of files and kinds that this version does not know are left alone", () => {
    const record = { claims: { a: "2-3" as FieldValue } };
    const ledger = text({ owners: { a: owner }, fields: { "cmdline isolcpus": record, "scenario hv/later": record } });
    checkRecorded(parseLedger(ledger), documents, ledger);
  });
});
