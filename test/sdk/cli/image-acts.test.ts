import assert from "node:assert/strict";
import { boots } from "../../../examples/lab/boots";
import { diffTrees, snapshotTree } from "../../../examples/lab/tree";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import { built, type ImageCell, on } from "../../converge/support/image-cell";
import { RT, SCRIPT } from "../../lab/support/cell";
import { cli, type Ran } from "./support";

const HAND = "/root/acrn-work/launch_rt.sh";
const NEXT = `var/lib/pulumi-acrn/images/next/${RT}.sh`;
const ACTIVATE = [
  ...["hypervisor-install", "host-reboot"].flatMap((act) => ["--allow", act]),
  ...["--guest", `${RT}=ssh:cell-1.${RT}`, "--launch-limit", "20", "--yes"],
];

function at({ cell }: ImageCell, command: string, ...argv: string[]): Promise<Ran> {
  return cli([command, "cell-1", ...argv, "--ssh-config", cell.lab.sshConfig]);
}

const SCRIPTS: readonly [string, Record<string, unknown>][] = [
  ["an owned script", {}],
  ["an owned script that acrnd starts", { autostart: true }],
  ["an edited script", { script: { edited: HAND } }],
  ["an edited script that acrnd starts", { script: { edited: HAND }, autostart: true }],
];

describe("sdk/cli: images without a program", function () {
  this.timeout(180_000);

  for (const [what, more] of SCRIPTS)
    it(
      `activate: ${what} that waited for the image is in its place afterwards, as an up would have it`,
      on(async (host) => {
        const { cell } = host;
        cell.write(HAND.slice(1), cell.read(SCRIPT[RT].slice(1)));
        await cell.launch(RT);
        await host.rtVm([2, 3], more);
        assert.ok(cell.has(NEXT), "it waits");
        const id = await host.image();
        const { status, out, err } = await at(host, "activate", ...ACTIVATE);
        assert.equal(status, 0, err);
        assert.match(out, new RegExp(`image ${id} is the default`));
        assert.ok(!cell.has(NEXT), "nothing waits any more");
        assert.deepEqual(
          cell.machine.vms().map(({ pcpus }) => pcpus),
          [[2, 3]],
        );
        assert.deepEqual(await host.declaredAgain(rtVmKind), [], "an up finds nothing to do");
        assert.match((await at(host, "activate")).out, /Nothing waits/);
      }),
    );

  it(
    "release does what a destroy does: the packaged image is the default, and every byte is back",
    on(async (host) => {
      const { cell } = host;
      const before = snapshotTree(cell.path("."));
      const id = await host.image();
      await host.activate();
      const { status, out, err } = await at(host, "release", "--stack", "s", "--yes");
      assert.equal(status, 0, err);
      assert.match(out, /The packaged hypervisor becomes the default again, and every image of ours goes/);
      assert.match(out, /^--- \/etc\/grub\.d\/26_pulumi_acrn: our script for update-grub.* \(\d+ lines #/m);
      assert.ok(!cell.has(`boot/pulumi-acrn/${id}`));
      assert.deepEqual(boots(cell.path(".")), []);
      const left = diffTrees(before, snapshotTree(cell.path(".")), { times: false });
      assert.deepEqual(
        left.filter((line) => !/^(run|proc|sys|dev)(\/|$)/.test(line)),
        [],
      );
    }),
  );

  it(
    "release that was cut short: the same again ends it",
    on(async (host) => {
      const { cell } = host;
      await host.image();
      await host.activate();
      cell.machine.grub.updateFails = "no space left";
      const cut = await at(host, "release", "--stack", "s", "--yes");
      assert.equal(cut.status, 3, cut.err);
      assert.match(cut.err, /no space left/);
      assert.ok(cell.has("boot/pulumi-acrn"));
      delete cell.machine.grub.updateFails;
      const again = await at(host, "release", "--stack", "s", "--yes");
      assert.equal(again.status, 0, again.err);
      assert.match(again.out, /Nobody claims an image on .*, and images of ours are still there/);
      assert.ok(!cell.has("boot/pulumi-acrn"));
      assert.match((await at(host, "release", "--stack", "s", "--yes")).out, /^Nothing to do/);
    }),
  );

  it(
    "release of one of two stacks that want it leaves the images",
    on(async (host) => {
      const { cell } = host;
      const id = await host.image();
      await host.activate();
      await host.alsoBy("t", built());
      const { out } = await at(host, "release", "--stack", "s", "--yes");
      assert.doesNotMatch(out, /every image of ours goes/);
      assert.ok(cell.has(`boot/pulumi-acrn/${id}/acrn.bin`));
    }),
  );
});
