import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHostTree } from "../../examples/lab/builder";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { apply } from "../../provider/converge/apply";
import type { Draft } from "../../provider/converge/draft";
import { Machine } from "../../provider/converge/machine";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { AcrnError } from "../../provider/core/errors";
import { isEmpty } from "../../provider/core/plan/types";
import { type CorePartitionArgs, corePartitionKind } from "../../provider/resources/core-partition";
import { kindOf } from "../../provider/resources/kinds";
import { identity } from "../support/memory-host";

const who = { stack: "s", kind: "CorePartition", urns: ["urn:cores"] };
const args: CorePartitionArgs = { vms: { RT: [2, 3] }, neighbours: "refuse" };

describe("converge: one real folder", () => {
  let dir: string;
  let count = 0;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));
    const board = { name: "b", pCores: 4, l3: { ways: 12, cat: true } };
    const vms = [
      { kind: "service" as const, cpus: [0, 1] },
      { kind: "post-rt" as const, name: "RT", cpus: [3] },
    ];
    const scenario = { name: "s", dialect: "3.x" as const, board: "b", vms };
    writeHostTree(dir, { ...identity(`apply ${++count} ${process.pid}`), board, scenario, acrnVersion: "3.3" });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const machine = () => new Machine({ connection: { root: dir } });
  const plan = (draft: Draft): Planned => planResource(draft, corePartitionKind, who, args, "id1");
  const source = () => join(dir, SOURCE_PATH);

  it("writes what was agreed on, proves it, finds nothing left, and gives every byte back", async () => {
    const before = snapshotTree(dir);
    const m = machine();
    const first = plan(await m.draft());
    assert.deepEqual(diffTrees(before, snapshotTree(dir), { times: true }), [], "a plan writes nothing");
    const phases: string[] = [];
    const done = await apply(m, { plan, agreed: first.lines, progress: (p) => phases.push(p) });
    assert.ok(done.changed);
    assert.match(readFileSync(source(), "utf8"), /<pcpu_id>2<\/pcpu_id>/);
    assert.ok(phases.length > 0);
    assert.ok(isEmpty(plan(await m.draft()).plan));
    assert.ok(!(await apply(m, { plan, agreed: [] })).changed, "what is done needs no consent");
    await apply(m, { plan: (d) => planWithdrawal(d, Object.values(d.ledger.owners), kindOf) });
    assert.deepEqual(diffTrees(before, snapshotTree(dir), { times: false }), []);
  });

  it("refuses what was not in the plan that was shown", async () => {
    const m = machine();
    const lines = plan(await m.draft()).lines;
    await apply(m, { plan, agreed: lines });
    const written = readFileSync(source(), "utf8");
    writeFileSync(source(), written.replace("<pcpu_id>2</pcpu_id>", "<pcpu_id>1</pcpu_id>"));
    await assert.rejects(apply(m, { plan, agreed: lines }), (e: unknown) => {
      assert.ok(e instanceof AcrnError);
      assert.equal(e.code, "plan.changed");
      assert.match(e.message, /1,3 => 2-3/);
      return true;
    });
    assert.doesNotMatch(readFileSync(source(), "utf8"), /<pcpu_id>2</);
  });

  it("keeps what others wrote between plan and apply", async () => {
    const m = machine();
    const lines = plan(await m.draft()).lines;
    const record = readFileSync(join(dir, "usr/share/acrn/scenario.xml"), "utf8");
    await apply(m, { plan, agreed: lines });
    writeFileSync(source(), readFileSync(source(), "utf8").replace("SCHED_BVT", "SCHED_IORR"));
    const wider = (d: Draft) => planResource(d, corePartitionKind, who, { ...args, vms: { RT: [1, 2, 3] } }, "id1");
    await apply(m, { plan: wider });
    assert.match(readFileSync(source(), "utf8"), /SCHED_IORR/);
    await apply(m, { plan: (d) => planWithdrawal(d, Object.values(d.ledger.owners), kindOf) });
    assert.equal(
      readFileSync(source(), "utf8"),
      record.replace("SCHED_BVT", "SCHED_IORR"),
      "theirs stays, ours is undone",
    );
  });

  it("never writes to another machine than the one that was planned for", async () => {
    const m = machine();
    await assert.rejects(apply(m, { plan, machine: "somebody-else" }), { code: "machine.other" });
  });

  it("lets several resources write one file at once without losing any", async () => {
    const ways = [machine(), machine(), machine()];
    await Promise.all(
      ways.map((m, i) =>
        apply(m, { plan: (d) => planResource(d, corePartitionKind, { ...who, stack: `s${i}` }, args, `id${i}`) }),
      ),
    );
    const draft = await machine().draft();
    assert.equal(Object.keys(draft.ledger.owners).length, 3);
  });

  it("says which file it is when the scenario is broken, with its place, and plans nothing", async () => {
    const m = machine();
    await apply(m, { plan });
    writeFileSync(source(), `${readFileSync(source(), "utf8")}<`);
    m.forget();
    await assert.rejects(
      async () => plan(await m.draft()),
      (e: unknown) => {
        assert.ok(e instanceof AcrnError);
        assert.equal(e.where?.file, SOURCE_PATH);
        assert.ok((e.where?.line ?? 0) > 10);
        return true;
      },
    );
  });
});
