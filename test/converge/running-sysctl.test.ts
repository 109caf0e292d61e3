import assert from "node:assert/strict";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { Machine } from "../../provider/converge/machine";
import { isEmpty } from "../../provider/core/plan/types";
import { Live, type Trouble } from "./support/live-gpu";
import { create, FRAGMENT, planOf, SysctlCell, withdrawal } from "./support/live-sysctl";

const ARGS = { "vm.stat_interval": "10", "kernel.printk": "3 1 1 7" };
const [STAT, PRINTK] = ["vm/stat_interval", "kernel/printk"];

/** The kernel prints tabs. */
const takes: Trouble["takes"] = (line) => line.replace(/(\d) (?=\d)/g, "$1\t");

describe("converge: sysctls of the running kernel", function () {
  this.timeout(120_000);
  let cell: SysctlCell;

  beforeEach(() => {
    cell = new SysctlCell({ [STAT]: "1", [PRINTK]: "7\t4\t1\t7", "kernel/many": "1\n2" });
  });
  afterEach(() => cell.remove());

  const tree = () => snapshotTree(cell.dir);
  const changed = (before: ReturnType<typeof tree>) => diffTrees(before, tree(), { times: false });
  const running = () => [cell.running(STAT), cell.running(PRINTK)];

  it("are set after the files, proved by a new read, left alone the second time, and given back as they were", async () => {
    const before = tree();
    const done = await cell.create(ARGS, { takes });
    assert.ok(done.changed);
    assert.deepEqual(running(), ["10", "3\t1\t1\t7"]);
    assert.equal(done.snapshot.texts.get("proc/sys/kernel/printk"), "3\t1\t1\t7");
    assert.ok(cell.has(FRAGMENT));
    // a process that knows nothing but the ledger
    assert.ok(isEmpty(planOf(ARGS)(await new Live(cell.dir).draft()).plan));
    assert.ok(!(await cell.create(ARGS)).changed);
    assert.ok((await cell.destroy({ takes })).changed);
    assert.deepEqual(changed(before), []);
  });

  it("that somebody set since are drift, and a withdrawal leaves them", async () => {
    await cell.create(ARGS);
    cell.set(STAT, "5");
    assert.deepEqual(planOf(ARGS)(await new Live(cell.dir).draft()).lines, [
      "procsys[vm.stat_interval] value: 5 => 10",
    ]);
    const { planned } = await cell.destroy();
    assert.deepEqual([running(), cell.has()], [["5", "7\t4\t1\t7"], false]);
    assert.match(planned.plan.left.map(({ field }) => field).join(), /^procsys\[vm\.stat_interval\] value$/);
  });

  it("one that a resource declares no more goes back", async () => {
    await cell.create(ARGS);
    await cell.create({ "vm.stat_interval": "10" });
    assert.deepEqual(running(), ["10", "7\t4\t1\t7"]);
    await cell.destroy();
    assert.deepEqual(running(), ["1", "7\t4\t1\t7"]);
  });

  it("where the link dies on the way: whatever was done, the next one ends it, and nothing of before is forgotten", async () => {
    const before = tree();
    const seen = new Set<string>();
    for (let dies = 1; dies <= 10; dies++) {
      await cell.create(ARGS, { dies }).catch(() => undefined);
      seen.add(`create ${running()[0]} ${cell.has(FRAGMENT)}`);
      await cell.create(ARGS);
      assert.deepEqual([cell.running(STAT), cell.has(FRAGMENT)], ["10", true], `create, script ${dies}`);
      await cell.destroy({ dies }).catch(() => undefined);
      seen.add(`destroy ${running()[0]} ${cell.has(FRAGMENT)}`);
      await cell.destroy();
      assert.deepEqual(changed(before), [], `destroy, script ${dies}`);
    }
    for (const state of ["create 1 false", "create 1 true", "destroy 10 true", "destroy 1 true", "destroy 1 false"])
      assert.ok(seen.has(state), `${state} never happened: ${[...seen].join(", ")}`);
    assert.ok(!seen.has("destroy 10 false"), "the files went before what runs was back");
  });

  it("of which one has to wait for another come right, there and back", async () => {
    const [period, runtime] = ["kernel/sched_rt_period_us", "kernel/sched_rt_runtime_us"];
    cell.set(period, "1000000");
    cell.set(runtime, "950000");
    /** As the kernel: no runtime above the period. What is refused stays as it was. */
    const takes: Trouble["takes"] = (line) => {
      const [path = "", value = ""] = line.split(" ");
      const name = path.slice("/proc/sys/".length);
      const [p, r] = [period, runtime].map((each) => Number(each === name ? value : cell.running(each)));
      if (Number(r) <= Number(p)) cell.set(name, value);
      return `${path} ${cell.running(name)}`;
    };
    const shorter = { "kernel.sched_rt_period_us": "500000", "kernel.sched_rt_runtime_us": "400000" };
    await cell.create(shorter, { takes });
    assert.deepEqual([cell.running(period), cell.running(runtime)], ["500000", "400000"]);
    await cell.destroy({ takes });
    assert.deepEqual([cell.running(period), cell.running(runtime)], ["1000000", "950000"]);
  });

  const stays: Trouble["takes"] = (line) =>
    line.startsWith("/proc/sys/kernel/printk ") ? "/proc/sys/kernel/printk 7 4 1 7" : line;

  it("what is declared has to be taken, and the error names it", async () => {
    await assert.rejects(cell.create(ARGS, { takes: stays }), {
      code: "running.refused",
      message: /kernel\.printk is 7 4 1 7, not 3 1 1 7/,
      hint: /The files are written/,
    });
    await cell.create(ARGS);
    assert.deepEqual(running(), ["10", "3 1 1 7"]);
  });

  it("what goes back and is not taken is left, and named", async () => {
    await cell.create(ARGS);
    const keeps: Trouble["takes"] = (line) => line.replace(/(stat_interval) 1$/, "$1 10");
    const { lines } = withdrawal(await new Live(cell.dir).draft());
    const { planned } = await cell.destroy({ takes: keeps }, { agreed: lines });
    assert.deepEqual([running(), cell.has()], [["10", "7\t4\t1\t7"], false]);
    assert.match(
      planned.warnings.join("\n"),
      /^procsys\[vm\.stat_interval\] value is left at 10: it was 1, and the kernel did not take that$/,
    );
  });

  it("that the kernel does not have, or that are no single value, are claimed and never set", async () => {
    const { planned, changed } = await cell.create({ "kernel.none": "1", "kernel.many": "3" });
    assert.ok(changed);
    assert.deepEqual(
      planned.plan.claims.map(({ field, what }) => `${what} ${field}`),
      ["reserves procsys[kernel.many] value", "reserves procsys[kernel.none] value"],
    );
    assert.deepEqual([cell.running("kernel/many"), cell.has("proc/sys/kernel/none")], ["1\n2", false]);
    await cell.destroy();
    assert.ok(!cell.has());
  });

  it("of a folder are never set: no kernel runs there", async () => {
    const machine = () => new Machine({ connection: { root: cell.dir } });
    const { planned } = await create(machine(), ARGS);
    assert.deepEqual([running(), cell.has(FRAGMENT)], [["1", "7\t4\t1\t7"], true]);
    assert.ok(planned.plan.edits.every(({ path }) => !path.startsWith("/proc/")));
    assert.ok(isEmpty(planOf(ARGS)(await machine().draft()).plan));
  });

  it("one that is asked for and is not there is read for once, whoever asks again", async () => {
    const machine = new Live(cell.dir);
    const none = ["proc/sys/kernel/none", "proc/sys/kernel/printk"];
    await machine.draft();
    assert.equal(machine.scripts, 1);
    const { snapshot } = await machine.draft([], none);
    assert.deepEqual(
      none.map((text) => snapshot.texts.get(text)),
      [undefined, "7\t4\t1\t7"],
    );
    await Promise.all([machine.draft([], none), machine.draft([], none.slice(1)), machine.draft()]);
    assert.equal(machine.scripts, 2);
    machine.forget();
    await machine.draft([], none);
    assert.equal(machine.scripts, 3);
  });

  it("that the ledger has cost one read more, the first time", async () => {
    await cell.create(ARGS);
    const machine = new Live(cell.dir);
    assert.ok(isEmpty(planOf(ARGS)(await machine.draft()).plan));
    assert.equal(machine.scripts, 2);
    machine.forget();
    await machine.draft();
    assert.equal(machine.scripts, 3);
  });
});
