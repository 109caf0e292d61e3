import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGuestTree } from "../../examples/lab/builder/guest";
import type { GuestOsSpec } from "../../examples/lab/lab";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { Tuned } from "./support/tuned";

const ROWS: [spec: GuestOsSpec, file: string][] = [
  [{ layout: "debian" }, "etc/default/grub"],
  [{ layout: "yocto", loader: "extlinux" }, "boot/extlinux/extlinux.conf"],
];

describe("GuestKernelTuning on an image folder", function () {
  this.timeout(120_000);

  for (const [spec, file] of ROWS)
    it(`${spec.layout}: a preview writes nothing; an up writes the default at once and runs nothing; a destroy gives every byte back`, async () => {
      const work = mkdtempSync(join(tmpdir(), "acrn-image-"));
      const dir = join(work, "tree");
      try {
        writeGuestTree(dir, "image", spec);
        const guest = new Tuned({ connection: { root: dir }, guest: {} });
        const args = { rtCpus: "1", runtime: { transparent_hugepage: "never" } };
        const untouched = snapshotTree(dir);
        const { lines, reasons } = await guest.plan(args);
        assert.ok(lines.length > 0);
        assert.ok(!lines.some((line) => line.startsWith("then ")), "nothing is run in a folder");
        assert.deepEqual(diffTrees(untouched, snapshotTree(dir), { times: true }), []);
        assert.match(reasons.join(), /a folder does not run/);

        await guest.up(args);
        const { kernelLine } = (await guest.plan(args)).outputs;
        assert.ok(readFileSync(join(dir, file), "utf8").includes(String(kernelLine)));
        assert.deepEqual((await guest.plan(args)).lines, []);
        for (const path of ["boot/grub/custom.cfg", "var/lib/pulumi-acrn/owed"])
          assert.ok(!existsSync(join(dir, path)), path);
        const menu = diffTrees(untouched, snapshotTree(dir), { times: false }).filter((text) => /grub\.cfg/.test(text));
        assert.deepEqual(menu, []);

        await guest.destroy();
        assert.deepEqual(diffTrees(untouched, snapshotTree(dir), { times: false }), []);
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    });
});
