import assert from "node:assert/strict";
import { hiddenOf } from "../../provider/lifecycle/bag";
import { ownersById } from "../../provider/lifecycle/delete";
import { diff } from "../../provider/lifecycle/diff";
import { versionFailure } from "../../provider/lifecycle/failures";
import { machineResource } from "../../provider/lifecycle/host";
import { resource } from "../../provider/lifecycle/resource";
import { corePartitionKind } from "../../provider/resources/core-partition";
import { kindOf } from "../../provider/resources/kinds";
import { identity, MemoryHost } from "../support/memory-host";

/** Bags that broke the lifecycle once (test/fuzz): states are edited by hand, and programs pass anything. */

const ODD = { toString: 1, valueOf: null };
const partition = resource(corePartitionKind, kindOf);
const host = machineResource("AcrnHost", kindOf);

describe("lifecycle: bags that nobody's check made", () => {
  it("names that are no text are none", () => {
    assert.deepEqual(hiddenOf({ __urn: ODD, __stack: 1, __package: null }), { urn: "", stack: "", version: "" });
    assert.equal(diff({ __urn: ODD }, { __urn: ODD, a: 1 }).changes, true);
  });

  const strange: [what: string, call: () => Promise<unknown>][] = [
    ["create without arguments", () => partition.create({ host: { connection: { root: "/nonexistent" } } })],
    ["update with a host that is a list", () => partition.update("id", {}, { host: [], vms: { a: [1] } })],
    ["delete without a host", () => partition.delete("id", {})],
    ["delete of a host without a connection", () => host.delete("id", {})],
  ];
  for (const [what, call] of strange)
    it(`${what}: a word to the user, no stack`, () =>
      assert.rejects(call(), (error) => {
        assert.ok(error instanceof Error && error.name === "pulumi-acrn", String(error));
        assert.match(error.message, /no check lets through[\s\S]*\[state\.strange\]$/);
        return true;
      }));

  it("an id that every object has is nobody's claim", () => {
    const draft = new MemoryHost({
      board: { name: "b", pci: [] },
      scenario: {
        name: "s",
        board: "b",
        vms: [
          { kind: "service", cpus: [] },
          { kind: "post", cpus: [1] },
        ],
      },
      acrnVersion: "3.3",
      ...identity("x"),
    }).draft();
    for (const id of ["constructor", "__proto__", "toString"]) assert.deepEqual(ownersById(draft, id), []);
  });

  it("a version out of a bag is shown without its escapes", () =>
    assert.doesNotMatch(versionFailure("\x1b[2J")?.reason ?? "\x1b", /\x1b/));
});
