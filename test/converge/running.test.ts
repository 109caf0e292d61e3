import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHostTree } from "../../examples/lab/builder";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { apply } from "../../provider/converge/apply";
import type { Draft } from "../../provider/converge/draft";
import { Machine } from "../../provider/converge/machine";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { isEmpty } from "../../provider/core/plan/types";
import { folderTarget } from "../../provider/host/folder";
import type { Target } from "../../provider/host/types";
import { gpuFrequencyKind } from "../../provider/resources/gpu-frequency";
import { type GpuFrequencyArgs, gpuFrequencySchema } from "../../provider/resources/gpu-frequency/schema";
import { kindOf } from "../../provider/resources/kinds";
import { identity } from "../support/memory-host";

const who = { stack: "s", kind: "GpuFrequency", urns: ["urn:gpu"] };
const CARD = "sys/bus/pci/devices/0000:00:02.0/drm/card0";
const RULES = "etc/udev/rules.d/99-pulumi-acrn-gpu.rules";
const LEDGER = "var/lib/pulumi-acrn/ledger.json";

/** A folder that answers as a running machine; from the `dies`-th script on its link is dead. */
class Live extends Machine {
  scripts = 0;
  constructor(
    private readonly root: string,
    private readonly dies = Number.POSITIVE_INFINITY,
  ) {
    super({ connection: { root } });
  }

  override target(): Target {
    const { transport, elevation } = folderTarget(this.root);
    const exec = (command: string) =>
      ++this.scripts >= this.dies ? Promise.reject(new Error("the link is dead")) : transport.exec(command);
    return { transport: { label: "live", exec }, elevation };
  }
}

describe("converge: values of the running kernel", function () {
  this.timeout(120_000);
  let dir: string;
  let count = 0;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));
    const board = { name: "b", pCores: 4 };
    const vms = [{ kind: "service" as const, cpus: [0, 1] }];
    const scenario = { name: "s", dialect: "3.x" as const, board: "b", vms };
    const gpu = { lowest: 300, highest: 1300 };
    writeHostTree(dir, { ...identity(`running ${++count} ${process.pid}`), board, scenario, acrnVersion: "3.3", gpu });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const plan =
    (args: GpuFrequencyArgs) =>
    (draft: Draft): Planned =>
      planResource(draft, gpuFrequencyKind, who, gpuFrequencySchema.parse(args), "id1");
  const withdrawal = (draft: Draft) => planWithdrawal(draft, Object.values(draft.ledger.owners), kindOf);
  const running = () =>
    ["max", "boost", "min"].map((name) => Number(readFileSync(join(dir, `${CARD}/gt_${name}_freq_mhz`), "utf8")));
  const has = (path: string) => existsSync(join(dir, path));
  const create = async (m: Machine) => apply(m, { plan: plan({ max: 600, min: 600 }) });
  const destroy = async (m: Machine) => apply(m, { plan: withdrawal, following: false });

  it("are set after the files, proved by a new read, and given back before them", async () => {
    const before = snapshotTree(dir);
    const m = new Live(dir);
    const done = await create(m);
    assert.ok(done.changed);
    assert.deepEqual(running(), [600, 600, 600]);
    assert.match(done.snapshot.texts.get("gpu") ?? "", /gt_max_freq_mhz 600/);
    assert.ok(isEmpty(plan({ max: 600, min: 600 })(await m.draft()).plan));
    assert.ok(!(await create(m)).changed);
    assert.ok((await destroy(m)).changed);
    assert.deepEqual(diffTrees(before, snapshotTree(dir), { times: false }), []);
  });

  it("that were not shown are not set", async () => {
    const m = new Live(dir);
    const { lines } = plan({ max: 600 })(await m.draft());
    writeFileSync(join(dir, `${CARD}/gt_max_freq_mhz`), "900\n");
    m.forget();
    await assert.rejects(apply(m, { plan: plan({ max: 600 }), agreed: lines }), {
      code: "plan.changed",
      hint: /max: 900 MHz => 600 MHz/,
    });
    assert.deepEqual([running(), has(RULES), has(LEDGER)], [[900, 1300, 300], false, false]);
  });

  it("where the link dies on the way: whatever was done, the next one ends it, and nothing of before is forgotten", async () => {
    const before = snapshotTree(dir);
    const alive = new Live(dir);
    await create(alive);
    await destroy(alive);
    const scripts = alive.scripts;
    const seen = new Set<string>();
    for (let dies = 1; dies <= scripts; dies++) {
      await create(new Live(dir, dies)).catch(() => undefined);
      seen.add(`create ${running()[0]} ${has(RULES)}`);
      await create(new Live(dir));
      assert.deepEqual([running(), has(RULES)], [[600, 600, 600], true], `create, script ${dies}`);
      await destroy(new Live(dir, dies)).catch(() => undefined);
      seen.add(`destroy ${running()[0]} ${has(RULES)}`);
      await destroy(new Live(dir));
      assert.deepEqual(diffTrees(before, snapshotTree(dir), { times: false }), [], `destroy, script ${dies}`);
    }
    for (const state of ["create 1300 false", "create 1300 true", "destroy 600 true", "destroy 1300 true"])
      assert.ok(seen.has(state), `${state} never happened: ${[...seen].join(", ")}`);
    assert.ok(!seen.has("destroy 600 false"), "the files went before what runs was back");
  });

  it("that somebody changed since stay in a withdrawal", async () => {
    await create(new Live(dir));
    writeFileSync(join(dir, `${CARD}/gt_max_freq_mhz`), "900\n");
    await destroy(new Live(dir));
    assert.deepEqual([running(), has(RULES), has(LEDGER)], [[900, 1300, 300], false, false]);
  });
});
