import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScenarioSpec } from "../../examples/lab/builder";
import { type Draft, draftOf } from "../../provider/converge/draft";
import { planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { corePartitionKind } from "../../provider/resources/core-partition";
import type { HostSettings } from "../../provider/resources/host-settings";
import { kindOf } from "../../provider/resources/kinds";
import { identity, MemoryHost } from "../support/memory-host";

const who = { stack: "s", kind: "CorePartition", urns: ["urn:cores"] };

function cell(settings?: HostSettings): MemoryHost {
  const vms: ScenarioSpec["vms"] = [
    { kind: "service", cpus: [0, 1] },
    { kind: "post-rt", name: "RT", cpus: [3] },
  ];
  const scenario: ScenarioSpec = { name: "s", dialect: "3.x", board: "b", vms };
  const board = { name: "b", pCores: 4, l3: { ways: 12, cat: true } };
  return new MemoryHost({ ...identity("giving back"), board, scenario, acrnVersion: "3.3" }, settings);
}

function recordOf(memory: MemoryHost): string {
  return memory.snapshot().files.get("/usr/share/acrn/scenario.xml")?.realPath as string;
}

const claim = (draft: Draft) =>
  planResource(draft, corePartitionKind, who, { vms: { RT: [2, 3] }, neighbours: "refuse" }, "id1");
const withdrawal = (draft: Draft) => planWithdrawal(draft, Object.values(draft.recorded.owners), kindOf);
const change = (memory: MemoryHost, path: string, from: string, to: string) =>
  memory.put(path, (memory.files.get(path) as string).replace(from, to));

describe("converge: giving back needs nothing but the ledger", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("not the import, which may be gone with the rest of the program's folder", () => {
    const file = join(dir, "scenario.xml");
    const memory = cell({ connection: { root: "memory" }, scenario: { import: file } });
    for (const path of memory.files.keys()) if (path.endsWith(".sh")) memory.files.delete(path);
    writeFileSync(file, (memory.files.get(recordOf(memory)) as string).replace("SCHED_BVT", "SCHED_IORR"));
    const before = memory.image();
    memory.apply(claim(memory.draft()));
    assert.match(memory.files.get(SOURCE_PATH) as string, /SCHED_IORR/);
    rmSync(file);
    assert.throws(() => memory.draft(), { code: "scenario.import" });
    memory.apply(withdrawal(draftOf(memory.snapshot(), memory.settings, false)));
    assert.equal(memory.image(), before);
  });

  it("not an agreement between a new record and a hand's edit: that one stays", () => {
    const memory = cell();
    for (const path of memory.files.keys()) if (path.endsWith(".sh")) memory.files.delete(path);
    const first = memory.files.get(recordOf(memory)) as string;
    memory.apply(claim(memory.draft()));
    change(memory, SOURCE_PATH, "SCHED_BVT", "SCHED_IORR");
    change(memory, recordOf(memory), "SCHED_BVT", "SCHED_NOOP");
    assert.throws(() => memory.draft(), { code: "scenario.conflict" });
    const planned = withdrawal(draftOf(memory.snapshot(), memory.settings, false));
    assert.deepEqual(planned.refusals, []);
    memory.apply(planned);
    assert.equal(memory.files.get(SOURCE_PATH), first.replace("SCHED_BVT", "SCHED_IORR"));
  });
});
