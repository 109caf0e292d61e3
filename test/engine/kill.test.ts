import assert from "node:assert";
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { commandOf } from "../support/engine-run";
import { EngineStack } from "../support/engine-stack";

const program = `const host = new AcrnHost("host", { connection: at.cell });
new CorePartition("cores", { host, vms: { POST_RT_VM1: [5, 6] } });`;

describe("engine: killed between the commit on the host and the answer to the engine", function () {
  const lab = withLab(this, [{ name: "cell" }]);
  let untouched: Tree;
  before(() => {
    untouched = lab().tree("cell");
  });

  /** The moment in which the host has the new file and nobody has heard of it yet. */
  async function committed(): Promise<void> {
    for (let waited = 0; waited < 60_000 && !lab().has("cell", SOURCE); waited += 2) await sleep(2);
    assert.ok(lab().has("cell", SOURCE), "the host was never written");
  }

  /** What the host does goes on without us. */
  async function quiet(): Promise<void> {
    for (let waited = 0; waited < 20_000 && lab().lab.processes().length > 0; waited += 50) await sleep(50);
    assert.deepStrictEqual(lab().lab.processes(), []);
  }

  /** Row by row: what is killed. The CLI's own death leaves the lock of the stack, which `cancel` takes away. */
  const killings = [
    {
      what: "the provider",
      kill: (_child: ChildProcess, pids: () => number[]) => {
        const providers = pids().filter((pid) => commandOf(pid).includes("dynamic-provider"));
        assert.ok(providers.length > 0, "no provider process was found");
        for (const pid of providers) process.kill(pid, "SIGKILL");
      },
      cancel: false,
    },
    {
      what: "everything: CLI, program and provider",
      kill: (_child: ChildProcess, pids: () => number[]) => {
        for (const pid of pids()) process.kill(pid, "SIGKILL");
      },
      cancel: true,
    },
  ];

  for (const { what, kill, cancel } of killings)
    it(`${what}: nothing is lost, the next up takes it on, and destroy gives back`, async () => {
      const stack = await EngineStack.create(lab(), cancel ? "cut" : "dead");
      stack.program(program);
      const during = async (child: ChildProcess, pids: () => number[]) => {
        await committed();
        kill(child, pids);
      };
      const run = await stack.run(["up"], { during, killed: true });
      assert.notStrictEqual(run.status, 0, run.text);
      await quiet();
      const known = stack.state().filter(({ urn, id }) => urn.endsWith("::cores") && id);
      assert.deepStrictEqual(known, [], "the engine never heard of it");
      assert.deepStrictEqual(lab().pcpus("cell", "POST_RT_VM1"), [5, 6]);
      const source = lab().read("cell", SOURCE);
      if (cancel) await stack.run(["cancel", "--yes"]);
      await stack.ok("up");
      assert.strictEqual(lab().read("cell", SOURCE), source);
      assert.deepStrictEqual(lab().owners("cell"), [`${stack.name} cores`, `${stack.name} host`], "no twin");
      await stack.ok("destroy");
      assert.deepStrictEqual(lab().changes("cell", untouched), []);
    });
});
