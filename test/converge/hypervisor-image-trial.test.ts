import assert from "node:assert/strict";
import { boots } from "../../examples/lab/boots";
import { RT } from "../lab/support/cell";
import { built, failure, type ImageCell, on } from "./support/image-cell";

const PROMOTED = "var/lib/pulumi-acrn/images/promoted";

/** Nothing was promoted, the machine is what it was, and it runs on whatever ran before. */
async function asBefore(host: ImageCell, vms: readonly (readonly number[])[]): Promise<void> {
  const { cell } = host;
  assert.equal(cell.machine.state().booted?.image, undefined, "the packaged image runs");
  assert.ok(!cell.has(PROMOTED));
  assert.deepEqual(boots(cell.path(".")), []);
  assert.deepEqual(
    cell.machine.vms().map(({ pcpus }) => pcpus),
    vms,
  );
}

describe("HypervisorImage: a trial that fails", function () {
  this.timeout(120_000);

  it(
    "an image that hangs: the machine is dark, its power button boots the old one, and the error says where everything stands",
    on(async (host) => {
      const { cell } = host;
      await cell.launch(RT);
      await host.rtVm([2, 3]);
      const id = await host.image(built("--hang"));
      const limits = { powerOff: 15, launch: 20, reboot: 4 };
      const error = await failure(host.activate(host.args(undefined, { limits })));
      assert.equal(error.code, "power.dark");
      assert.match(
        error.message,
        new RegExp(`image ${id} was tried, and is not promoted: the next reset .* boots the one before`),
      );
      assert.match(error.message, /POST_RT_VM1|real-time VM/);
      assert.equal(cell.machine.state().power, "dark");
      cell.machine.powerButton();
      await cell.machine.settled();
      await asBefore(host, []);
      const without = await host.plan(host.args(["rtvm-power-cycle"]));
      assert.match(
        without.lines.join(),
        /^rtvm-power-cycle of POST_RT_VM1: it is off .* so only started/,
        JSON.stringify(without),
      );
      await host.activate(host.args(["rtvm-power-cycle"]));
      await asBefore(host, [[3]]);
    }),
  );

  it(
    "an image that dies: the machine comes back by itself with the old one, and the RTVM runs again by its old script",
    on(async (host) => {
      const { cell } = host;
      await cell.launch(RT);
      await host.rtVm([2, 3]);
      const id = await host.image(built("--die"));
      const error = await failure(host.activate());
      assert.equal(error.code, "image.not-booted");
      assert.match(
        error.message,
        new RegExp(`image ${id} was tried and the machine came back with an image without our mark`),
      );
      assert.match(error.message, /POST_RT_VM1 ran before and runs again/);
      await asBefore(host, [[3]]);
      const { lines } = await host.plan();
      assert.match(lines.join(), new RegExp(`hypervisor-install of ${id}`), "it may be tried again");
    }),
  );

  it(
    "a power cut before it is promoted: the old image boots, and acrnd starts the RTVM by what fits that one; the next run ends it",
    on(async (host) => {
      const { cell } = host;
      await cell.launch(RT);
      await host.rtVm([2, 3], { autostart: true });
      const id = await host.image();
      const from = cell.events.length;
      const progress = (what: string) => {
        if (!what.endsWith("becomes the default")) return;
        assert.equal(cell.machine.state().booted?.image, id);
        cell.machine.powerCut();
        cell.machine.powerButton();
      };
      await failure(host.activate(undefined, { progress }));
      await cell.happened("power-cut", from);
      await cell.machine.settled();
      await cell.happened(/^launch POST_RT_VM1$/, cell.events.indexOf("power-cut"));
      await asBefore(host, [[3]]);
      await host.activate();
      assert.equal(cell.machine.state().booted?.image, id);
      assert.deepEqual(
        cell.machine.vms().map(({ pcpus }) => pcpus),
        [[2, 3]],
      );
      assert.deepEqual((await host.plan()).lines, []);
    }),
  );
});

describe("HypervisorImage: on trial, and the client is gone", function () {
  this.timeout(120_000);
  const CANONICAL = "root/acrn-work/rt.sh";
  const WAITING = `var/lib/pulumi-acrn/images/next/${RT}.sh`;

  /** The run dies at the first thing that it says which fits. */
  const dies = (at: RegExp) => (what: string) => {
    if (at.test(what)) throw new Error("the client is gone");
  };

  /** On pCPU 2, where the packaged image has 3: neither takes the script of the other. */
  async function onTrial(host: ImageCell, at: RegExp, more: Record<string, unknown> = {}): Promise<string> {
    await host.cell.launch(RT);
    await host.rtVm([2], more);
    const id = await host.image();
    await assert.rejects(host.activate(undefined, { progress: dies(at) }), /the client is gone/);
    assert.equal(host.cell.machine.state().booted?.image, id);
    assert.ok(!host.cell.has(PROMOTED));
    return id;
  }
  const pcpus = ({ cell }: ImageCell) => cell.machine.vms().map((vm) => vm.pcpus);

  it(
    "an up leaves the script of the default alone, so a power cut brings the RTVM back; the next run tries the image again",
    on(async (host) => {
      const { cell } = host;
      const id = await onTrial(host, /becomes the default$/, { autostart: true });
      const before = cell.read(CANONICAL);
      await host.rtVm([2], { autostart: true, memory: "2G" });
      assert.match(cell.read(CANONICAL), /--cpu_affinity 6$/m);
      assert.notEqual(cell.read(CANONICAL), before, "what the default takes is written, too");
      assert.ok(cell.has(WAITING));
      cell.machine.powerCut();
      cell.machine.powerButton();
      await cell.machine.settled();
      await cell.happened(/^launch POST_RT_VM1$/, cell.events.lastIndexOf("power-cut"));
      await asBefore(host, [[3]]);
      await host.activate();
      assert.equal(cell.machine.state().booted?.image, id);
      assert.deepEqual(pcpus(host), [[2]]);
      assert.deepEqual((await host.plan()).lines, []);
    }),
  );

  it(
    "the RTVM runs on it: the next run confirms it, and interrupts nothing",
    on(async (host) => {
      const { cell } = host;
      const id = await onTrial(host, /becomes the default$/);
      await host.rtVm([2]);
      const { lines, obstacles } = await host.plan();
      assert.deepEqual(obstacles, []);
      assert.deepEqual(
        lines.map((line) => line.slice(0, line.indexOf(";"))),
        [`hypervisor-install of ${id}: it runs`],
      );
      const from = cell.events.length;
      await host.activate();
      assert.deepEqual(
        cell.events.slice(from).filter((event) => /power-off|launch|boot$/.test(event)),
        [],
      );
      assert.match(cell.read(CANONICAL), /--cpu_affinity 4$/m);
      assert.ok(!cell.has(WAITING));
      const { lines: left, pending } = await host.plan();
      assert.deepEqual([left, pending], [[], []]);
    }),
  );

  const broken: Record<string, string> = {};
  it(
    "a boot into yet another image that does not come about: what fits the image on trial starts the RTVM again",
    on(
      async (host) => {
        await onTrial(host, /becomes the default$/);
        await host.image(built("# another"));
        const { steps, obstacles } = await host.plan();
        assert.deepEqual(obstacles, []);
        const vms = steps.flatMap((step) => (step.act === "host-reboot" ? step.vms : []));
        assert.deepEqual(
          vms.map(({ launcher, launcherNow, launcherAfter }) => [launcher, launcherNow, launcherAfter]),
          [[`/${CANONICAL}`, `/${WAITING}`, `/${WAITING}`]],
        );
        broken.reboot = "Failed to talk to init daemon.";
        const error = await failure(host.activate());
        assert.equal(error.code, "power.not-rebooted");
        assert.match(error.message, /POST_RT_VM1 went off before and was started again/);
        assert.ok(host.said.some((said) => said.endsWith(`checking that /${WAITING} will start it`)));
        assert.deepEqual(pcpus(host), [[2]]);
      },
      { broken },
    ),
  );

  it(
    "the RTVM does not run yet: what waits for the image starts it there",
    on(async (host) => {
      const { cell } = host;
      const id = await onTrial(host, /^POST_RT_VM1: starting /);
      await host.rtVm([2]);
      assert.match(cell.read(CANONICAL), /--cpu_affinity 6$/m);
      const { lines, obstacles } = await host.plan();
      assert.deepEqual(obstacles, []);
      assert.match(lines[0] ?? "", /^rtvm-power-cycle of POST_RT_VM1: .*started by \S+\/next\/POST_RT_VM1\.sh/);
      assert.match(lines[1] ?? "", new RegExp(`^hypervisor-install of ${id}: it runs`));
      await host.activate();
      assert.deepEqual(pcpus(host), [[2]]);
      assert.equal(cell.read(PROMOTED), `${id}\n`);
      assert.deepEqual((await host.plan()).lines, []);
    }),
  );
});
