import assert from "node:assert/strict";
import { hypervisorImage } from "../../provider";
import { version } from "../../provider/version";
import { built, type ImageCell, on } from "../converge/support/image-cell";

const bag = ({ cell }: ImageCell, stack = "s") => ({
  __urn: `urn:pulumi:${stack}::p::acrn:HypervisorImage::image`,
  __stack: stack,
  __package: version,
  host: { connection: cell.lab.connection("cell-1", { user: "root" }) },
  ...built(),
});

/** Checked and created by the lifecycle, then booted and promoted. */
async function promoted(host: ImageCell) {
  const { inputs, failures } = await hypervisorImage.check({}, bag(host));
  assert.equal(failures, undefined);
  const made = await hypervisorImage.create(inputs);
  await host.activate();
  assert.equal(host.cell.machine.state().booted?.image, made.outs.image);
  return { ...made, inputs };
}

describe("lifecycle: delete of a HypervisorImage", function () {
  this.timeout(120_000);

  it(
    "one that was cut short is done again: nothing of ours stays in /boot",
    on(async (host) => {
      const { cell } = host;
      const { id, outs } = await promoted(host);
      cell.machine.grub.updateFails = "no space left";
      await assert.rejects(hypervisorImage.delete(id, outs), /no space left/);
      assert.ok(cell.has("boot/pulumi-acrn"));
      delete cell.machine.grub.updateFails;
      await hypervisorImage.delete(id, outs);
      assert.ok(!cell.has("boot/pulumi-acrn"));
      assert.ok(!cell.has("var/lib/pulumi-acrn"));
    }),
  );

  it(
    "while another stack has one, the images stay",
    on(async (host) => {
      const { cell } = host;
      const { id, outs, inputs } = await promoted(host);
      const other = await hypervisorImage.create({ ...inputs, ...bag(host, "t") });
      await hypervisorImage.delete(id, outs);
      assert.ok(cell.has(`boot/pulumi-acrn/${outs.image}/acrn.bin`));
      await hypervisorImage.delete(other.id, other.outs);
      assert.ok(!cell.has("boot/pulumi-acrn"));
    }),
  );
});
