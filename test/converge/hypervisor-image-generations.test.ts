import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { boots } from "../../examples/lab/boots";
import { upgradeKernel, upgradePackage } from "../../examples/lab/upgrade";
import { built, failure, type ImageCell, on } from "./support/image-cell";

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
