import assert from "node:assert/strict";
import { boots } from "../../examples/lab/boots";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { RT } from "../lab/support/cell";
import { built, type ImageCell, on } from "./support/image-cell";

const IMAGES = "var/lib/pulumi-acrn/images";
/** What a boot makes anew. */
const NOT_KEPT = /^(run|proc|sys|dev)(\/|$)/;

describe("HypervisorImage: built, tried, promoted", function () {
  this.timeout(120_000);

  it(
    "an RTVM on other pCPUs: built on the host, booted once, confirmed, the RTVM runs by the script that waited, and a second plan is empty",
    on(async (host) => {
      const { cell } = host;
      await cell.launch(RT);
      await host.rtVm([2, 3]);
      const id = await host.image();
      assert.ok(cell.has(`${IMAGES}/${id}/image.json`));
      assert.deepEqual(boots(cell.path(".")), []);
      const { lines, obstacles, byHand } = await host.plan();
      assert.deepEqual([obstacles, byHand], [[], []]);
      assert.match(lines[0] ?? "", new RegExp(`^hypervisor-install of ${id}: beside what runs`));
      assert.match(lines[1] ?? "", /^host-reboot: POST_RT_VM1 off first/);
      assert.equal(lines.length, 2);
      const did = await host.activate();
      assert.match(did.join("; "), new RegExp(`POST_RT_VM1 runs again; image ${id} is the default`));
      assert.equal(cell.machine.state().booted?.image, id);
      await promoted(host, id);
      assert.deepEqual(
        cell.machine.vms().map(({ pcpus }) => pcpus),
        [[2, 3]],
      );
      assert.ok(!cell.has(`${IMAGES}/next/${RT}.sh`), "nothing waits any more");
      await cell.in(RT, "poweroff").catch(() => undefined);
      await cell.happened(`power-off ${RT}`, cell.events.length - 2);
      cell.machine.powerCut();
      cell.machine.powerButton();
      await cell.machine.settled();
      assert.equal(cell.machine.state().booted?.image, id, "it is the default");
    }),
  );

  it(
    "delete: every byte is back, and the packaged image boots next",
    on(async (host) => {
      const { cell } = host;
      const before = snapshotTree(cell.path("."));
      const id = await host.image();
      await host.activate();
      await promoted(host, id);
      await host.withdraw();
      assert.deepEqual(boots(cell.path(".")), []);
      assert.deepEqual(
        diffTrees(before, snapshotTree(cell.path(".")), { times: false }).filter((line) => !NOT_KEPT.test(line)),
        [],
      );
      await cell.on("reboot").catch(() => undefined);
      await cell.happened("boot", cell.events.length - 1);
      await cell.machine.settled();
      assert.equal(cell.machine.state().booted?.image, undefined);
    }),
  );
});

/** Law 1, and the machine as it is afterwards. */
async function promoted(host: ImageCell, id: string): Promise<void> {
  const { cell } = host;
  assert.equal(cell.read(`${IMAGES}/promoted`).split("\n")[0], id);
  assert.deepEqual(boots(cell.path(".")), []);
  const { lines, pending } = await host.plan();
  assert.deepEqual([lines, pending], [[], []]);
  const { planned } = await host.preview(built());
  assert.deepEqual(planned.lines, []);
  assert.deepEqual(
    planned.pending.map(({ state }) => state),
    ["active"],
  );
}
