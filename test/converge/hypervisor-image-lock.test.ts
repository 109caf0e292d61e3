import assert from "node:assert/strict";
import { imageAround } from "../../provider/converge/image/around";
import { ImageSession } from "../../provider/host/image/session";
import { type Holder, PowerSession } from "../../provider/host/power/session";
import { until } from "../host/ssh/support";
import { RT } from "../lab/support/cell";
import { ALL, built, failure, type ImageCell, on } from "./support/image-cell";

const IMAGES = "var/lib/pulumi-acrn/images";

/** The lock of activations, had by somebody else while `work` is begun; given back when that has met it. */
async function meeting(host: ImageCell, work: () => Promise<unknown>, meanwhile: () => void): Promise<void> {
  const other = await PowerSession.open(host.machine().target());
  assert.equal(await other.take("somebody else"), undefined);
  const done = work();
  try {
    await until(() => host.said.some((line) => /whether it is free: somebody else/.test(line)), "it met the lock");
    meanwhile();
  } finally {
    await other.close();
    await done;
  }
}

const taken = async (host: ImageCell): Promise<Holder | "failed" | undefined> => {
  const other = await PowerSession.open(host.machine().target());
  return other.take("somebody else").finally(() => other.close());
};

describe("HypervisorImage: what is written is written under the lock of activations", function () {
  this.timeout(120_000);

  it(
    "promotion and what follows it",
    on(async (host) => {
      await host.cell.launch(RT);
      await host.rtVm([2, 3]);
      const id = await host.image();
      const met: Promise<Holder | "failed" | undefined>[] = [];
      const progress = (what: string) => {
        if (what.endsWith("becomes the default")) met.push(taken(host));
      };
      const settle = async () => {
        for (const each of [...met, taken(host)]) {
          const holder = await each;
          assert.ok(typeof holder === "object", `the lock was free: ${holder}`);
          assert.match(holder.who, /^pulumi-acrn .* confirms what it rebooted for$/);
        }
      };
      await host.activate(undefined, { progress, settle });
      assert.equal(met.length, 1);
      assert.equal(host.cell.machine.state().booted?.image, id);
      assert.equal(await taken(host), undefined, "it was given back");
    }),
  );

  it(
    "staging, and the way back to the packaged image",
    on(async (host) => {
      const { cell } = host;
      await meeting(
        host,
        () => host.image(),
        () => assert.ok(!cell.has(IMAGES)),
      );
      await host.activate();
      assert.ok(cell.has(`${IMAGES}/promoted`));
      host.said.length = 0;
      await meeting(
        host,
        () => imageAround.after(host.machine(), host.say),
        () => assert.ok(cell.has("boot/pulumi-acrn")),
      );
      assert.ok(!cell.has("boot/pulumi-acrn"));
    }),
  );
});

describe("HypervisorImage: what a run that died leaves behind", function () {
  this.timeout(120_000);

  it(
    "a next boot of ours: the next activation forgets it, whatever it does",
    on(async (host) => {
      const { cell } = host;
      await host.image();
      await host.activate();
      await cell.launch(RT);
      await host.declareRtVmAlone([3], { memory: "2G" });
      const other = await host.image(built("# 2"));
      const session = await ImageSession.open(host.machine().target());
      await session.install(other);
      await session.updateGrub();
      await session.oneShot(other);
      assert.match((await session.state()).next ?? "", new RegExp(other));
      await host.activate(host.args(["rtvm-power-cycle"]));
      assert.equal((await session.state()).next, undefined);
      await session.close();
      assert.doesNotMatch(cell.read("boot/grub/grubenv"), /next_entry/);
    }),
  );
});

describe("HypervisorImage: what was not shown is not done", function () {
  this.timeout(120_000);

  it(
    "another image than in the preview, or a real-time VM that runs by now",
    on(async (host) => {
      const { cell } = host;
      const first = await host.image(built("# 1"));
      const { lines } = await host.plan();
      const second = await host.image(built("# 2"));
      assert.notEqual(first, second);
      const other = await failure(host.activate(undefined, { agreed: lines }));
      assert.equal(other.code, "plan.changed");
      assert.match(other.message, new RegExp(`hypervisor-install of ${second}`));
      const { lines: idle } = await host.plan();
      await cell.launch(RT);
      const runs = await failure(host.activate(host.args(ALL), { agreed: idle }));
      assert.match(runs.message, /this was not in it: host-reboot: POST_RT_VM1 off first/);
      assert.deepEqual(host.events(/power-off|reboot/), []);
    }),
  );
});
