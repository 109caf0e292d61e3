import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHostTree } from "../../examples/lab/builder";
import { gpuFrequency } from "../../provider";
import { version } from "../../provider/version";
import { identity } from "../support/memory-host";

describe("lifecycle: a refresh, on a real folder", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));
    const board = { name: "b", pCores: 4, l3: { ways: 12, cat: true } };
    const vms = [{ kind: "service" as const, cpus: [0, 1] }];
    const scenario = { name: "s", dialect: "3.x" as const, board: "b", vms };
    writeHostTree(dir, { ...identity(`read ${dir}`), board, scenario, acrnVersion: "3.3" });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("reads what an earlier one put into the state, although no program may say that", async () => {
    const own = { __urn: "urn:gpu", __stack: "s", __package: version, host: { connection: { root: dir } } };
    const { inputs } = await gpuFrequency.check({}, { ...own, max: 300, min: 300 });
    const { id, outs } = await gpuFrequency.create(inputs);
    // what a refresh says of a limit that is gone
    const again = await gpuFrequency.read(id, { ...outs, max: "(not set)" });
    assert.ok(again.inputs, "the state was kept as it was");
  });
});
