import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { boots } from "../../examples/lab/boots";
import { hypervisorImage, rtVm } from "../../provider";
import { stranded } from "../../provider/converge/image/leave";
import { RECORD_PATH } from "../../provider/core/acrn/evidence";
import { withoutOwner } from "../../provider/core/claims/owners";
import { version } from "../../provider/version";
import { built, type ImageCell, OWNED, on } from "../converge/support/image-cell";
import { RT } from "../lab/support/cell";

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

  it(
    "GRUB would still boot it by default: nothing in /boot goes, and when it would not any more, all does",
    on(async (host) => {
      const { cell } = host;
      const { id, outs } = await promoted(host);
      const own = "etc/default/grub.d/zzz-own.cfg";
      cell.write(own, `GRUB_DEFAULT="pulumi-acrn-${outs.image}"\n`);
      // the menu has no entry of that name once our script is given back: GRUB would boot its first one
      await assert.rejects(hypervisorImage.delete(id, outs), /GRUB's default is still pulumi-acrn-/);
      assert.ok(cell.has(`boot/pulumi-acrn/${outs.image}/acrn.bin`));
      rmSync(cell.path(own));
      await hypervisorImage.delete(id, outs);
      assert.ok(!cell.has("boot/pulumi-acrn"));
      assert.deepEqual(boots(cell.path(".")), []);
    }),
  );
});

describe("lifecycle: delete of a HypervisorImage that leaves an RtVm behind", function () {
  this.timeout(120_000);
  const rtBag = ({ cell }: ImageCell, pcpus: number[]) => ({
    __stack: "s",
    __package: version,
    host: { connection: cell.lab.connection("cell-1", { user: "root" }) },
    __urn: "urn:pulumi:s::p::acrn:RtVm::rt",
    name: RT,
    partition: { pcpus: { [RT]: pcpus } },
    script: OWNED,
  });

  it(
    "on pCPUs that the packaged image lacks: refused in a run that declares it, and nothing is given back",
    on(async (host) => {
      const { cell } = host;
      await cell.launch(RT);
      await host.rtVm([2]);
      const { id, outs } = await promoted(host);
      assert.equal((await rtVm.check({}, rtBag(host, [2]))).failures, undefined);
      await assert.rejects(
        hypervisorImage.delete(id, outs),
        /POST_RT_VM1 is launched on pCPU 2, and the packaged image, the default, has POST_RT_VM1 on pCPU 3, which boots next[\s\S]*image\.stranded/,
      );
      assert.ok(cell.has("var/lib/pulumi-acrn/images/wanted"));
      assert.ok(cell.has(`boot/pulumi-acrn/${outs.image}/acrn.bin`));
      assert.deepEqual(boots(cell.path(".")), []);
    }),
  );

  it(
    "a destroy declares nothing: it goes on and says so; the next up makes the launch script fit what boots next",
    on(async (host) => {
      const { cell } = host;
      await cell.launch(RT);
      await host.rtVm([2]);
      const { id, outs } = await promoted(host);
      const draft = await host.machine().draft();
      const said = stranded(draft, withoutOwner(draft.ledger, id), []);
      assert.deepEqual(
        said.map(({ how }) => how),
        ["info"],
      );
      assert.match(said[0]?.text ?? "", /If its RtVm stays, it does not start after the next boot/);
      await hypervisorImage.delete(id, outs);
      await host.rtVm([2]);
      assert.match(cell.read("root/acrn-work/rt.sh"), /--cpu_affinity 6$/m);
      assert.ok(cell.has(`var/lib/pulumi-acrn/images/next/${RT}.sh`));
    }),
  );

  it(
    "on pCPUs that the packaged image has: it goes",
    on(async (host) => {
      await host.cell.launch(RT);
      await host.rtVm([3]);
      const { id, outs } = await promoted(host);
      assert.equal((await rtVm.check({}, rtBag(host, [3]))).failures, undefined);
      await hypervisorImage.delete(id, outs);
      assert.ok(!host.cell.has("boot/pulumi-acrn"));
    }),
  );

  it(
    "where the packaged record is gone, nobody can tell: a warning, where the run declares it",
    on(async (host) => {
      await host.rtVm([3]);
      const draft = await host.machine().draft();
      const files = new Map([...draft.snapshot.files].filter(([path]) => path !== RECORD_PATH));
      const blind = { ...draft, snapshot: { ...draft.snapshot, files }, evidence: { ...draft.evidence, built: LOST } };
      const declared = [{ kind: { type: "RtVm" }, args: { name: RT } }] as unknown as Parameters<typeof stranded>[2];
      const [only, ...more] = stranded(blind, draft.ledger, declared);
      assert.deepEqual([only?.how, more], ["warning", []]);
      assert.match(
        only?.text ?? "",
        /whether the packaged image, which boots next, starts POST_RT_VM1 on pCPU 3 cannot be told/,
      );
      assert.deepEqual(stranded(blind, draft.ledger, []), []);
    }),
  );
});

const LOST = { known: false, why: "there is no record" } as const;
