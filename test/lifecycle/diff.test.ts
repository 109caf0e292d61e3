import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/lifecycle/bag";
import { diff } from "../../provider/lifecycle/diff";
import { rememberPlan } from "../../provider/lifecycle/run";

const state = (urn: string) => ({
  __urn: urn,
  vms: { RT: [2, 3] },
  host: { connection: "a" },
  machine: "m",
  pending: [],
  plan: [] as string[],
});

/** Old outputs against new inputs, after a check of this process that planned `lines` (undefined: there was none). */
const rows: [what: string, olds: object, news: object, lines: string[] | undefined, changes: boolean][] = [
  ["nothing differs and nothing is planned", {}, {}, [], false],
  ["the order of keys", { host: { a: 1, b: 2 } }, { host: { b: 2, a: 1 } }, [], false],
  ["zero and its negative", { n: [0] }, { n: [-0] }, [], false],
  ["the order of a list", {}, { vms: { RT: [3, 2] } }, [], true],
  ["an argument that is new", {}, { neighbours: "evict" }, [], true],
  ["an argument that is gone", { neighbours: "evict" }, {}, [], true],
  ["the address", {}, { host: { connection: "b" } }, [], true],
  ["pending alone", {}, { pending: [{ state: "pending" }] }, [], false],
  ["where scripts lie and what waits", { homes: [] }, { homes: ["other /a.sh (runs now)"], waiting: ["a"] }, [], false],
  ["the plan of this process's check", {}, { plan: ["x"] }, ["x"], true],
  ["a plan out of the state, in a refresh", { plan: ["x"] }, { plan: ["x"] }, undefined, false],
  ["a deferral in the state, in a refresh", { plan: ["deferred"] }, {}, undefined, false],
  ["a deferral in the state, once a check finds nothing left to write", { plan: ["deferred"] }, {}, [], true],
  ["an unknown value below", {}, { host: { connection: UNKNOWN } }, [], true],
];

describe("lifecycle: diff", () => {
  for (const [at, [what, olds, news, lines, changes]] of rows.entries())
    it(`${what}: ${changes ? "a change" : "none"}`, () => {
      const urn = `urn:diff:${at}`;
      if (lines) rememberPlan(urn, lines);
      assert.deepEqual(diff({ ...state(urn), ...olds }, { ...state(urn), ...news }), { changes });
    });

  it("another machine is a replace, and only that", () => {
    const news = { ...state("urn:other"), machine: "n" };
    assert.deepEqual(diff(state("urn:other"), news).replaces, ["machine"]);
  });
});
