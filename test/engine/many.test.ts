import assert from "node:assert";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { VmSpec } from "../../examples/lab/builder";
import { type Cell, LEDGER, SOURCE, withLab } from "../support/engine-lab";
import { EngineStack } from "../support/engine-stack";

const EIGHT = Array.from({ length: 8 }, (_, index) => `VM${index}`);
const vms: VmSpec[] = [
  { kind: "service", cpus: [0] },
  ...EIGHT.map((name): VmSpec => ({ kind: "post", name, cpus: [1] })),
];

/** Eight small resources on one file: their kind is the test's own, all else is the product (test/engine/one-field.js). */
const program = `
const { OneField } = require("./one-field");
const host = new AcrnHost("host", { connection: at.cell });
const facts = host.facts;
for (const vm of ${JSON.stringify(EIGHT)}) new OneField(vm, { host, vm, pcpus: [2 + Number(vm.at(-1))] });`;

describe("engine: eight resources on one file at once", function () {
  const lab = withLab(this, [{ name: "cell", vms }]);

  it("--parallel 8: create, update and destroy lose nothing", async () => {
    const stack = await EngineStack.create(lab(), "eight");
    copyFileSync(join(__dirname, "one-field.js"), join(stack.dir, "one-field.js"));
    stack.program(program);
    const untouched = lab().tree("cell");
    await stack.ok("up", "--parallel", "8");
    for (const [index, vm] of EIGHT.entries()) assert.deepStrictEqual(lab().pcpus("cell", vm), [2 + index]);
    assert.deepStrictEqual(lab().owners("cell"), [...EIGHT, "host"].map((name) => `eight ${name}`).sort());
    await stack.ok("preview", "--expect-no-changes");
    stack.program(program.replace("2 + ", "3 + "));
    await stack.ok("up", "--parallel", "8");
    for (const [index, vm] of EIGHT.entries()) assert.deepStrictEqual(lab().pcpus("cell", vm), [3 + index]);
    await stack.ok("destroy", "--parallel", "8");
    assert.deepStrictEqual(lab().changes("cell", untouched), []);
    assert.ok(!lab().has("cell", LEDGER) && !lab().has("cell", SOURCE));
  });
});

const DELAY = 500;
const FOURTEEN = Array.from({ length: 14 }, (_, index) => `cell-${index}`);

describe("engine: fourteen hosts whose reads take half a second each", function () {
  /** When each host was dialled, in milliseconds. */
  const dialled: number[] = [];
  const cells = FOURTEEN.map((name): Cell => {
    const wire: Cell["wire"] = (socket) => {
      dialled.push(Date.now());
      return socket;
    };
    return { name, delayMs: DELAY, wire };
  });
  const lab = withLab(this, cells);

  const programFor = (names: readonly string[]) =>
    names
      .map(
        (name) => `{
const host = new AcrnHost("${name}", { connection: at["${name}"] });
const cores = new CorePartition("${name}-cores", { host, vms: { POST_RT_VM1: [5, 6] } });
exports["${name}"] = pulumi.all([cores.rtCpus, host.facts.apply((facts) => facts.board.value)]);
}`,
      )
      .join("\n");

  it("a preview takes about the time of one", async () => {
    const stack = await EngineStack.create(lab(), "many");
    const times: number[] = [];
    for (const names of [FOURTEEN.slice(0, 1), FOURTEEN]) {
      stack.program(programFor(names));
      dialled.length = 0;
      times.push((await stack.ok("preview")).took);
      assert.strictEqual(dialled.length, names.length, "one connection a host");
    }
    const [one = 0, all = 0] = times;
    const spread = Math.max(...dialled) - Math.min(...dialled);
    console.log(`      1 host: ${one} ms; 14 hosts: ${all} ms; all were dialled within ${spread} ms`);
    // One after the other, 13 more reads would take 6.5 s more and the last dial would come 6.5 s after the first.
    assert.ok(all - one < 13 * DELAY, `${all} ms against ${one} ms`);
    assert.ok(spread < (13 * DELAY) / 2, `the dials are ${spread} ms apart`);
  });
});
