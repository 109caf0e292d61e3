import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHostTree } from "../../examples/lab/builder";
import { pack, unpack } from "../../provider/core/text/packed";
import { factsResource } from "../../provider/lifecycle/facts";
import { identity } from "../support/memory-host";

const known = (value: unknown) => ({ known: true, value });
const FACTS = {
  machine: "m",
  acrnVersion: known("3.3"),
  pcpus: known([{ id: 0 }, { id: 1 }]),
  runningVms: known(["RT"]),
  built: known("/boot/acrn-3.3.bin is the packaged image"),
};
const bag = (facts: Record<string, unknown>, shown = "as people see it") => ({ facts: [shown], __facts: pack(facts) });

describe("lifecycle: HostFacts", () => {
  const ROWS: [what: string, news: Record<string, unknown>, changes: boolean][] = [
    ["the same", FACTS, false],
    ["an Activation has booted another image", { ...FACTS, built: known("image 0123456789abcdef was booted") }, false],
    ["an Activation has started a VM", { ...FACTS, runningVms: known(["RT", "TWO"]) }, false],
    ["what runs is not known any more", { ...FACTS, built: { known: false, why: "newer than this boot" } }, false],
    ["another version", { ...FACTS, acrnVersion: known("3.2") }, true],
    ["a pCPU less", { ...FACTS, pcpus: known([{ id: 0 }]) }, true],
  ];
  for (const [what, news, changes] of ROWS)
    it(`${what}: ${changes ? "a change" : "none"}`, async () => {
      const { changes: found } = await factsResource.diff("id", bag(FACTS), bag(news, "otherwise"));
      assert.equal(found, changes);
    });

  describe("a refresh", () => {
    const read = async (more: Record<string, unknown>) => {
      const dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-facts-"));
      try {
        const scenario = { name: "s", board: "b", vms: [{ kind: "service" as const, cpus: [0, 1] }] };
        writeHostTree(dir, { ...identity(dir), board: { name: "b", pCores: 4 }, scenario, acrnVersion: "3.3" });
        const { outs } = await factsResource.create({ host: { connection: { root: dir } } });
        const facts = unpack(outs.__facts) as Record<string, unknown>;
        const state = { ...outs, facts: ["as it was shown"], __facts: pack({ ...facts, ...more }) };
        return { state, outs, found: await factsResource.read("id", state) };
      } finally {
        rmSync(dir, { recursive: true });
      }
    };

    it("finds no drift in what only tells how the machine is right now", async () => {
      const { state, found } = await read({ built: known("another image"), runningVms: known(["RT"]) });
      assert.deepEqual(found, { id: "id", props: state });
    });

    it("finds everything else", async () => {
      const { outs, found } = await read({ acrnVersion: known("0.1"), runningVms: known(["RT"]) });
      assert.deepEqual(found, { id: "id", props: outs, inputs: outs });
    });
  });

  it("of an older version's state, which has them unpacked", async () => {
    const { changes } = await factsResource.diff("id", { facts: [], __facts: FACTS }, bag(FACTS));
    assert.equal(changes, false);
  });
});
