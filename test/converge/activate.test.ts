import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { planActivation } from "../../provider/converge/activate/plan";
import { runActivation } from "../../provider/converge/activate/run";
import { apply } from "../../provider/converge/apply";
import type { Draft } from "../../provider/converge/draft";
import { Machine } from "../../provider/converge/machine";
import { planResource } from "../../provider/converge/plan-resource";
import { AcrnError } from "../../provider/core/errors";
import type { ConnectionSpec } from "../../provider/host/ssh";
import { type ActivationArgs, activationSchema } from "../../provider/resources/activation";
import type { Connection } from "../../provider/resources/host-settings";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import { type Cell, type CellOptions, RT, SCRIPT, STD, withCell } from "../lab/support/cell";

const who = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };
/** Beside the disk, which the scenario names by a relative path. */
const OWNED = { owned: "/root/acrn-work/rt.sh" };
const HOME = "/root/acrn-work/launch_user_vm_id1.sh";

/** A cell as the provider sees it. */
class Host {
  readonly machine: Machine;

  constructor(private readonly cell: Cell) {
    this.machine = this.another();
  }

  another(): Machine {
    return new Machine({ connection: this.connection as Connection });
  }

  get connection(): ConnectionSpec {
    return this.cell.lab.connection("cell-1", { user: "root" });
  }

  args(allow: string[], more: Record<string, unknown> = {}): ActivationArgs {
    const { jump: _through, ...guest } = this.cell.lab.guest("cell-1", RT);
    return activationSchema.parse({
      allow,
      guests: { [RT]: { ssh: guest } },
      limits: { powerOff: 3, launch: 20, reboot: 30 },
      ...more,
    });
  }

  async declare(args: Record<string, unknown> = {}): Promise<void> {
    const parsed = rtVmKind.schema.parse({ name: RT, partition: { pcpus: { [RT]: [3] } }, ...args });
    const plan = (draft: Draft) => planResource(draft, rtVmKind, who, parsed as RtVmArgs, "id1");
    await this.machine.draft(rtVmKind.files?.(parsed as RtVmArgs));
    await apply(this.machine, { plan });
  }

  async plan(args: ActivationArgs) {
    const machine = this.another();
    return planActivation(await machine.draft(), args, kindOf);
  }

  async run(args: ActivationArgs, said: string[] = []): Promise<string[]> {
    const { lines } = await this.plan(args);
    return runActivation(this.another(), args, {
      agreed: lines,
      expected: undefined,
      kinds: kindOf,
      progress: (what) => said.push(what),
    });
  }
}

const on = (work: (host: Host, cell: Cell) => Promise<void>, options: CellOptions = {}) =>
  withCell(
    {
      ...options,
      files: {
        "etc/machine-id": `${randomUUID().replaceAll("-", "")}\n`,
        "root/acrn-work/vm1.img": "disk\n",
        ...options.files,
      },
    },
    (cell) => work(new Host(cell), cell),
  );

async function failure(doing: Promise<unknown>): Promise<AcrnError> {
  try {
    await doing;
  } catch (error) {
    if (error instanceof AcrnError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("activation: a power cycle", function () {
  this.timeout(120_000);

  it(
    "a hand-made launch is adopted: new memory runs after it, and nothing is left to do",
    on(async (host, cell) => {
      cell.write(HOME.slice(1), cell.read(SCRIPT[RT].slice(1)));
      await cell.launch(RT);
      await host.declare({ script: { edited: HOME }, memory: "2G" });
      const without = await host.plan(host.args([]));
      assert.deepEqual(without.steps, []);
      assert.deepEqual(
        without.forbidden.map(({ act, target }) => [act, target]),
        [["rtvm-power-cycle", RT]],
      );
      const args = host.args(["rtvm-power-cycle"]);
      const { lines, obstacles } = await host.plan(args);
      assert.deepEqual(obstacles, []);
      assert.match(lines.join(), /^rtvm-power-cycle of POST_RT_VM1: powered off inside .* ends by itself/);
      const before = cell.pid(RT);
      assert.match((await host.run(args)).join(), /POST_RT_VM1 was power-cycled: acrn-dm \d+/);
      assert.notEqual(cell.pid(RT), before);
      assert.ok(cell.machine.vms()[0]?.args.join(" ").includes("-m 2048M"));
      const { lines: left, pending } = await host.plan(args);
      assert.deepEqual(left, [], JSON.stringify(pending));
    }),
  );

  it(
    "an owned script: cycled, and its record proves the end afterwards",
    on(async (host, cell) => {
      await cell.launch(RT);
      await host.declare({ memory: "2G", script: OWNED });
      await host.run(host.args(["rtvm-power-cycle"]));
      assert.match(cell.read(`run/pulumi-acrn/vms/${RT}`), /^started \S+ \d+\n$/);
      await cell.in(RT, "poweroff").catch(() => undefined);
      await cell.happened(`power-off ${RT}`);
      await cell.on("sleep 0.3");
      assert.match(cell.read(`run/pulumi-acrn/vms/${RT}`), /^ended \S+ 0\n$/);
    }),
  );
});

/** A package of an image that was built from the scenario source is installed beside what runs. */
function install(cell: Cell): void {
  const record = "usr/lib/x86_64-linux-gnu/acrn/cell-1-board/shared/scenario.xml";
  const packaged = "usr/lib/x86_64-linux-gnu/acrn/cell-1-board/shared/acrn.cell-1-board.shared.bin";
  cell.write(record, cell.read("var/lib/pulumi-acrn/scenario.xml"));
  for (const image of [packaged, "boot/acrn-3.3.bin"]) cell.write(image, "an image of the new scenario\n");
  const sums = "var/lib/dpkg/info/acrn-hypervisor.md5sums";
  const lines = cell
    .read(sums)
    .split("\n")
    .map((line) => {
      const path = line.slice(34);
      return path === record || path === packaged
        ? `${createHash("md5").update(cell.read(path)).digest("hex")}  ${path}`
        : line;
    });
  cell.write(sums, lines.join("\n"));
}

describe("activation: a host reboot", function () {
  this.timeout(120_000);

  it(
    "pCPUs of a new image: the script waits, the reboot is done with every RTVM proved off, and the VM comes back on them",
    on(async (host, cell) => {
      await cell.launch(RT);
      const args = host.args(["host-reboot"]);
      await host.declare({ partition: { pcpus: { [RT]: [2, 3] } }, script: OWNED, autostart: true });
      const waiting = await host.plan(args);
      assert.deepEqual(waiting.lines, [], "without its image a reboot helps nothing");
      assert.deepEqual(
        waiting.byHand.map(({ act }) => act),
        ["hypervisor-install"],
      );
      const boot = cell.bootId;
      install(cell);
      const { lines, obstacles } = await host.plan(args);
      assert.deepEqual(obstacles, []);
      assert.match(lines.join(), /^host-reboot: POST_RT_VM1 off first \(.*then the machine, confirmed by its boot id/);
      await host.run(args);
      assert.notEqual(cell.bootId, boot);
      assert.deepEqual(cell.machine.vms()[0]?.pcpus, [2, 3]);
      assert.deepEqual(
        cell.events.filter((event) => /dark|orphan|shared/.test(event)),
        [],
      );
      await host.declare({ partition: { pcpus: { [RT]: [2, 3] } }, script: OWNED, autostart: true });
      assert.ok(!cell.has("var/lib/pulumi-acrn/images/next/POST_RT_VM1.sh"), "nothing waits any more");
      assert.deepEqual((await host.plan(args)).lines, []);
    }),
  );
});

describe("activation: what stops it", function () {
  this.timeout(120_000);

  it(
    "a guest that never goes down: it runs on, and the message says so",
    on(
      async (host, cell) => {
        await cell.launch(RT);
        const pid = cell.pid(RT);
        await host.declare({ memory: "2G", script: OWNED });
        const error = await failure(host.run(host.args(["rtvm-power-cycle"])));
        assert.equal(error.code, "power.late");
        assert.equal(cell.pid(RT), pid);
      },
      { guests: { [RT]: { address: "192.168.1.10", powerOff: "never" } } },
    ),
  );

  it(
    "an orphan: a host reboot is not begun",
    on(async (host, cell) => {
      await cell.launch(RT);
      await cell.on(`kill -9 ${cell.pid(RT)}`);
      await host.declare({ memory: "2G", script: OWNED });
      const plan = await host.plan(host.args(["rtvm-power-cycle", "host-reboot"]));
      assert.deepEqual(
        plan.pending.filter(({ needs }) => needs.length > 0),
        [],
        "nothing is known to be pending of a VM whose state is unknown",
      );
      assert.deepEqual(
        cell.events.filter((event) => /reboot|dark/.test(event)),
        [],
      );
    }),
  );

  it(
    "nobody said how it is shut down",
    on(async (host, cell) => {
      await cell.launch(RT);
      await host.declare({ memory: "2G", script: OWNED });
      const error = await failure(host.run(host.args(["rtvm-power-cycle"], { guests: {} })));
      assert.equal(error.code, "power.obstacle");
      assert.match(error.message, /nobody said how POST_RT_VM1 is shut down/);
      assert.equal(cell.machine.vms().length, 1);
    }),
  );
});

describe("activation: what an earlier run left", function () {
  this.timeout(120_000);

  it(
    "a launch that failed: the VM is off, which is pending, and the next run starts it",
    on(async (host, cell) => {
      await cell.launch(RT);
      await host.declare({ memory: "2G", script: OWNED });
      const args = host.args(["rtvm-power-cycle"], { limits: { powerOff: 3, launch: 2, reboot: 30 } });
      // the launcher's checks find nothing, and acrn-dm is refused all the same
      cell.machine.listeners.add((event) => {
        if (event === `power-off ${RT}`) cell.write("run/pulumi-acrn/hold", "");
      });
      const error = await failure(host.run(args));
      assert.equal(error.code, "power.launch");
      assert.match(error.message, /is off and did not start/);
      assert.deepEqual(cell.machine.vms(), []);
      cell.machine.listeners.clear();
      await cell.on("rm $PULUMI_ACRN_ROOT/run/pulumi-acrn/hold");
      const { lines, pending } = await host.plan(args);
      assert.match(lines.join(), /it is off .* so only started by/, JSON.stringify(pending));
      await host.run(args);
      assert.equal(cell.machine.vms().length, 1);
      assert.ok(!cell.has("var/lib/pulumi-acrn/cycling"));
    }),
  );
});

describe("activation: a wrong address", function () {
  this.timeout(120_000);

  it(
    "a guest's address that is the host itself: it is not powered off",
    on(async (host, cell) => {
      await cell.launch(RT);
      await host.declare({ memory: "2G", script: OWNED });
      const itself = { ...cell.lab.connection("cell-1", { user: "root" }), jump: "none" };
      const error = await failure(host.run(host.args(["rtvm-power-cycle"], { guests: { [RT]: { ssh: itself } } })));
      assert.match(error.message, /that address is the host itself/);
      assert.equal(cell.machine.state().power, "up");
      assert.equal(cell.machine.vms().length, 1);
    }),
  );
});

describe("activation: a neighbour is left alone", function () {
  this.timeout(120_000);

  it(
    "a power cycle interrupts its VM and no other",
    on(async (host, cell) => {
      await cell.launch(STD);
      await cell.launch(RT);
      const neighbour = cell.pid(STD);
      await host.declare({ memory: "2G", script: OWNED });
      await host.run(host.args(["rtvm-power-cycle"]));
      assert.equal(cell.pid(STD), neighbour);
    }),
  );
});
