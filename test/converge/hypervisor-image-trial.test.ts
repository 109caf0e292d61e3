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
