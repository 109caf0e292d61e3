import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guestBoot } from "../../examples/lab/boots-guest";
import { guestFiles, writeGuestTree } from "../../examples/lab/builder/guest";
import type { GuestOsSpec } from "../../examples/lab/lab";
import { listing, temporary } from "../host/helpers";

const SPECS: readonly GuestOsSpec[] = [
  { layout: "debian" },
  { layout: "debian", kernels: ["6.1.0-17-rt-amd64", "6.1.0-18-rt-amd64"] },
  { layout: "ubuntu" },
  { layout: "rhel" },
  { layout: "rhel", kernelopts: true },
  { layout: "yocto" },
  { layout: "yocto", loader: "extlinux", init: "sysvinit" },
  { layout: "script" },
];

describe("lab guests: what would boot", () => {
  for (const spec of SPECS) {
    const laid = (): string => {
      const dir = temporary();
      writeGuestTree(dir, "guest", spec);
      return dir;
    };

    it(`${JSON.stringify(spec)}: a new tree does, and looking changes nothing`, () => {
      const dir = laid();
      const before = listing(dir, true);
      const { trouble, line } = guestBoot(dir, spec);
      assert.equal(trouble, undefined);
      assert.match(line, /root=/);
      assert.deepEqual(listing(dir, true), before);
    });

    it(`${JSON.stringify(spec)}: without its disk or its kernel it does not`, () => {
      const dir = laid();
      rmSync(join(dir, "dev"), { recursive: true });
      assert.match(guestBoot(dir, spec).trouble ?? "", /^no root /);
      if (spec.layout === "script") return;
      rmSync(join(dir, "boot"), { recursive: true });
      assert.match(guestBoot(dir, spec).trouble ?? "", /^(GRUB|systemd-boot|extlinux) /);
    });
  }

  it("a tree that is there stays as it is; files of one's own win, and stay executable", () => {
    const dir = temporary();
    const spec: GuestOsSpec = { layout: "debian" };
    writeGuestTree(dir, "guest", spec, { "/etc/grub.d/40_custom": "#!/bin/sh\necho '# mine'\n" });
    assert.match(readFileSync(join(dir, "boot/grub/grub.cfg"), "utf8"), /^# mine$/m);
    writeFileSync(join(dir, "etc/hostname"), "other\n");
    writeGuestTree(dir, "guest", spec);
    assert.equal(readFileSync(join(dir, "etc/hostname"), "utf8"), "other\n");
  });

  it("two guests have two identities, one has the same at each start", () => {
    const id = (name: string) =>
      ["/etc/machine-id", "/sys/class/dmi/id/product_uuid"].map((path) =>
        guestFiles(name, { layout: "debian" }).get(path),
      );
    assert.deepEqual(id("a"), id("a"));
    assert.notDeepEqual(id("a"), id("b"));
  });
});
