import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { boots } from "../../examples/lab/boots";
import { upgradeKernel, upgradePackage } from "../../examples/lab/upgrade";
import { RT, SCRIPT } from "../lab/support/cell";
import { built, failure, type ImageCell, OWNED, on } from "./support/image-cell";

/** Images of one scenario, told apart by their recipes. */
const numbered = (n: number, more: Record<string, unknown> = {}) => ({ ...built(`# ${n}`), ...more });

async function promote(host: ImageCell, args: Record<string, unknown>): Promise<string> {
  const id = await host.image(args);
  await host.activate();
  assert.equal(host.cell.machine.state().booted?.image, id);
  assert.deepEqual(boots(host.cell.path(".")), []);
  return id;
}

async function reboot({ cell }: ImageCell): Promise<string | undefined> {
  const from = cell.events.length;
  await cell.on("reboot").catch(() => undefined); // the link goes with the machine
  await cell.happened("boot", from);
  await cell.machine.settled();
  return cell.machine.state().booted?.image;
}

describe("HypervisorImage: generations", function () {
  this.timeout(180_000);

  it(
    "as many stay as `keep` says, the one before among them; `generation` leads back to it; one that is gone is refused",
    on(async (host) => {
      const { cell } = host;
      const ids = [];
      for (const n of [1, 2, 3]) ids.push(await promote(host, numbered(n, { keep: 2 })));
      const [first, second, third] = ids as [string, string, string];
      const installed = () => readdirSync(cell.path("boot/pulumi-acrn")).sort();
      assert.deepEqual(installed(), [second, third].sort());
      assert.ok(!cell.has(`var/lib/pulumi-acrn/images/${first}`));
      const gone = await failure(host.image(numbered(3, { generation: first })));
      assert.equal(gone.code, "image.generation");
      assert.match(gone.hint ?? "", new RegExp(second));
      assert.equal(await promote(host, numbered(3, { keep: 2, generation: second })), second);
      assert.equal(cell.read("var/lib/pulumi-acrn/images/promoted"), `${second}\n${third}\n${first}\n`);
      assert.equal(await reboot(host), second);
      assert.deepEqual((await host.plan()).lines, []);
    }),
  );
});

describe("HypervisorImage: back to an image with other pCPUs for the RTVM", function () {
  this.timeout(180_000);
  const HAND = "root/acrn-work/launch_user_vm_id1.sh";
  const SCRIPTS: [how: string, script: Record<string, string>, path: string][] = [
    ["that is ours", OWNED, OWNED.owned.slice(1)],
    ["that is edited", { edited: `/${HAND}` }, HAND],
  ];
  for (const [how, script, path] of SCRIPTS)
    it(
      `a launch script ${how}: what was kept beside that image starts it, and back again`,
      on(async (host) => {
        const { cell } = host;
        cell.write(HAND, cell.read(SCRIPT[RT].slice(1)));
        await cell.launch(RT);
        const pcpus = () => cell.machine.vms().map((vm) => vm.pcpus);
        await host.rtVm([3], { script });
        const first = await promote(host, numbered(1));
        await host.rtVm([2], { script });
        const second = await promote(host, numbered(2));
        assert.deepEqual(pcpus(), [[2]]);
        assert.ok(cell.has(`var/lib/pulumi-acrn/images/${first}/${RT}.sh`));
        assert.equal(await host.image(numbered(2, { generation: first })), first);
        assert.deepEqual((await host.plan()).obstacles, []);
        await host.activate();
        assert.equal(cell.machine.state().booted?.image, first);
        assert.deepEqual(pcpus(), [[3]]);
        assert.match(cell.read(path), /--cpu_affinity 6|add_cpus 6/, "the script is for the default");
        assert.ok(!cell.has(`var/lib/pulumi-acrn/images/${first}/${RT}.sh`));
        assert.deepEqual((await host.plan()).lines, []);
        assert.equal(await host.image(numbered(2)), second);
        await host.activate();
        assert.deepEqual(pcpus(), [[2]]);
        assert.deepEqual((await host.plan()).lines, []);
      }),
    );

  it(
    "a power cut right behind its promotion: acrnd starts the RTVM by what was kept, and the next up mends the script",
    on(async (host) => {
      const { cell } = host;
      await cell.launch(RT);
      const pcpus = () => cell.machine.vms().map((vm) => vm.pcpus);
      await host.rtVm([3], { autostart: true });
      const first = await promote(host, numbered(1));
      await host.rtVm([2], { autostart: true });
      await promote(host, numbered(2));
      await host.image(numbered(2, { generation: first }));
      const gone = () => Promise.reject(new Error("the client is gone"));
      await assert.rejects(host.activate(undefined, { settle: gone }), /the client is gone/);
      assert.match(cell.read(OWNED.owned.slice(1)), /--cpu_affinity 4$/m);
      cell.machine.powerCut();
      cell.machine.powerButton();
      await cell.machine.settled();
      await cell.happened(/^launch POST_RT_VM1$/, cell.events.lastIndexOf("power-cut"));
      assert.equal(cell.machine.state().booted?.image, first);
      assert.deepEqual(pcpus(), [[3]]);
      await host.rtVm([2], { autostart: true });
      assert.match(cell.read(OWNED.owned.slice(1)), /--cpu_affinity 6$/m);
    }),
  );
});

describe("HypervisorImage: what packages do behind it", function () {
  this.timeout(120_000);

  it(
    "a kernel upgrade that removes the kernel of then: the image boots with the new one, and nothing is left to do",
    on(async (host) => {
      const id = await promote(host, built());
      upgradeKernel(host.cell.path("."));
      assert.deepEqual(boots(host.cell.path(".")), []);
      assert.equal(await reboot(host), id);
      assert.match(host.cell.machine.state().booted?.kernel ?? "", /6\.1\.90/);
      assert.deepEqual((await host.plan()).lines, []);
    }),
  );

  it(
    "no kernel is left that can be a Service VM's: the one that it was confirmed with boots",
    on(async (host) => {
      const id = await promote(host, built());
      upgradeKernel(host.cell.path("."), { to: "6.6.1-plain", hsm: false });
      assert.deepEqual(boots(host.cell.path(".")), []);
      assert.equal(await reboot(host), id);
      assert.match(host.cell.machine.state().booted?.kernel ?? "", /^6\.1\.80-acrn/);
    }),
  );

  it(
    "a package upgrade that changes the record: the image stays the default",
    on(async (host) => {
      const id = await promote(host, built());
      upgradePackage(host.cell.path("."));
      assert.deepEqual(boots(host.cell.path(".")), []);
      assert.equal(await reboot(host), id);
    }),
  );
});
