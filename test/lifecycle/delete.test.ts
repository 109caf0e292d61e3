import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHostTree } from "../../examples/lab/builder";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { corePartition } from "../../provider";
import { identity } from "../support/memory-host";

describe("lifecycle: delete, on a real folder", () => {
  let dir: string;
  let program: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));
    program = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));
  });
  afterEach(() => {
    for (const each of [dir, program]) rmSync(each, { recursive: true, force: true });
  });

  it("gives every byte back though the import is gone from the program's folder", async () => {
    const vms = [
      { kind: "service" as const, cpus: [0, 1] },
      { kind: "post-rt" as const, name: "RT", cpus: [3] },
    ];
    const board = { name: "b", pCores: 4, l3: { ways: 12, cat: true } };
    const scenario = { name: "s", dialect: "3.x" as const, board: "b", vms };
    writeHostTree(dir, { ...identity(`delete ${process.pid}`), board, scenario, acrnVersion: "3.3" });
    const file = join(program, "scenario.xml");
    writeFileSync(file, readFileSync(realpathSync(join(dir, "usr/share/acrn/scenario.xml"))));
    const before = snapshotTree(dir);
    const host = { connection: { root: dir }, scenario: { import: file } };
    const { id, outs } = await corePartition.create({ __urn: "urn:cores", __stack: "s", host, vms: { RT: [2, 3] } });
    assert.notDeepEqual(diffTrees(before, snapshotTree(dir), { times: false }), []);
    rmSync(file);
    await corePartition.delete(id, outs);
    assert.deepEqual(diffTrees(before, snapshotTree(dir), { times: false }), []);
  });
});
