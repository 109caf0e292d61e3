import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { boots } from "../../examples/lab/boots";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { cacheClosKind } from "../../provider/resources/cache-clos";
import { RT } from "../lab/support/cell";
import { built, failure, type ImageCell, on } from "./support/image-cell";

/** As `df -P -k` says it: the file `free` has the KiB that are left. */
const DF = `echo "Filesystem 1024-blocks Used Available Capacity Mounted on"
echo "/dev/nvme0n1p1 1000000 1 $(cat "$PULUMI_ACRN_ROOT/free") 1% /boot"`;

/** Nothing of an image is there, and what boots is what it was. */
function untouched({ cell }: ImageCell): void {
  assert.ok(!cell.has("var/lib/pulumi-acrn/images"), "nothing is staged");
  assert.ok(!cell.has("boot/pulumi-acrn"), "nothing is installed");
  assert.ok(!cell.has("etc/grub.d/26_pulumi_acrn"));
  assert.deepEqual(boots(cell.path(".")), []);
}

/** Refused before anything is interrupted: a VM runs on as it is. */
function uninterrupted(host: ImageCell): void {
  assert.deepEqual(host.events(/power-off|reboot|dark/), []);
  assert.ok(!host.cell.has("var/lib/pulumi-acrn/images/promoted"));
  assert.deepEqual(boots(host.cell.path(".")), []);
}

describe("HypervisorImage: a build that is not taken", function () {
  this.timeout(120_000);

  it(
    "one that fails leaves nothing behind, and the end of its log is told",
    on(async (host) => {
      const before = snapshotTree(host.cell.path("."));
      const error = await failure(host.image(built("--fail")));
      assert.equal(error.code, "build.failed");
      assert.match(error.message, /make: \*\*\*/);
      untouched(host);
      const left = diffTrees(before, snapshotTree(host.cell.path(".")), { times: false });
      assert.deepEqual(
        left.filter((line) => !/^(run|proc|sys)(\/|$)/.test(line)),
        [],
      );
    }),
  );

  it(
    "one that allocates other classes than the scenario's is refused at the door",
    on(async (host) => {
      await host.declare(cacheClosKind, { classes: { rt: { vms: { [RT]: "all" }, l3: 4 } } });
      const error = await failure(host.image(built("--wrong-clos")));
      assert.equal(error.code, "image.configs");
      assert.match(error.message, /POST_RT_VM1/);
      untouched(host);
      await host.image(built());
    }),
  );
});

describe("HypervisorImage: an install that is refused", function () {
  this.timeout(120_000);

  it(
    "no one-shot: the preview warns, nothing is installed",
    on(
      async (host) => {
        const { planned } = await host.preview(built());
        assert.match(
          planned.warnings.join(),
          /no image can be installed on this machine: GRUB cannot write through lvm/,
        );
        await host.image();
        const error = await failure(host.activate());
        assert.equal(error.code, "image.one-shot");
        uninterrupted(host);
        assert.ok(!host.cell.has("boot/pulumi-acrn"));
      },
      { grub: { abstraction: ["lvm"] } },
    ),
  );

  it(
    "no room in /boot: told before anything is written there; with room the next run goes on",
    on(
      async (host) => {
        const id = await host.image();
        const error = await failure(host.activate());
        assert.equal(error.code, "image.space");
        uninterrupted(host);
        assert.ok(!host.cell.has("boot/pulumi-acrn"));
        host.cell.write("free", "900000");
        await host.activate();
        assert.equal(host.cell.machine.state().booted?.image, id);
      },
      { commands: { df: DF }, files: { free: "1000" } },
    ),
  );

  it(
    "update-grub fails: nothing is interrupted, and when it works again the next run goes on",
    on(async (host) => {
      await host.cell.launch(RT);
      await host.declareRtVmAlone([3]);
      const id = await host.image();
      host.cell.machine.grub.updateFails = "no space left";
      const error = await failure(host.activate());
      assert.match(error.message, /no space left/);
      uninterrupted(host);
      assert.equal(host.cell.machine.vms().length, 1);
      delete host.cell.machine.grub.updateFails;
      await host.activate();
      assert.equal(host.cell.machine.state().booted?.image, id);
    }),
  );

  it(
    "an image that is gone from its folder: refused before anything, and the next up builds it anew",
    on(async (host) => {
      const id = await host.image();
      rmSync(host.cell.path(`var/lib/pulumi-acrn/images/${id}`), { recursive: true });
      const error = await failure(host.activate());
      assert.equal(error.code, "image.unstaged");
      uninterrupted(host);
      const { todo } = await host.preview(built());
      assert.match(todo.join(), new RegExp(`^build: image ${id}`));
      assert.equal(await host.image(), id);
      assert.ok(host.cell.has(`var/lib/pulumi-acrn/images/${id}/image.json`));
    }),
  );
});
