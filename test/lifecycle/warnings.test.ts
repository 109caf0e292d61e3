import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHostTree } from "../../examples/lab/builder";
import { corePartition } from "../../provider";
import { version } from "../../provider/version";
import { identity } from "../support/memory-host";

/** What `work` says on stdout, which is where messages go without an engine (lifecycle/engine-log.ts). */
async function said(work: () => Promise<unknown>): Promise<string> {
  const write = process.stdout.write;
  let text = "";
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

describe("lifecycle: warnings, on a real folder", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));
    const vms = [
      { kind: "service" as const, cpus: [0, 1] },
      { kind: "post-rt" as const, name: "RT", cpus: [3] },
    ];
    const board = { name: "b", pCores: 4, l3: { ways: 12, cat: true } };
    const scenario = { name: "s", dialect: "3.x" as const, board: "b", vms };
    writeHostTree(dir, { ...identity(`warnings ${dir}`), board, scenario, acrnVersion: "3.3" });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const T10 = /RT has one vCPU/;
  const bag = (urn: string) => ({
    __urn: urn,
    __stack: "s",
    __package: version,
    host: { connection: { root: dir } },
    vms: { RT: [3] },
  });

  it("an up says each once: what its check said is not said again", async () => {
    let inputs = {};
    const checked = await said(async () => {
      inputs = (await corePartition.check({}, bag("urn:once"))).inputs;
    });
    assert.match(checked, T10);
    assert.doesNotMatch(await said(() => corePartition.create(inputs)), T10);
  });

  it("each check says it anew, and a create that no check came before says it itself", async () => {
    for (let i = 0; i < 2; i += 1) assert.match(await said(() => corePartition.check({}, bag("urn:anew"))), T10);
    assert.match(await said(() => corePartition.create(bag("urn:alone"))), T10);
  });
});
