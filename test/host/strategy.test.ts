import assert from "node:assert/strict";
import { mountOf, parseMountinfo, strategyOf } from "../../provider/host/strategy";

const MOUNTS = `22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 254:1 / /boot/efi rw - vfat /dev/sda1 rw,fmask=0077
31 22 254:0 /x /etc/default/grub rw - ext4 /dev/vda rw
32 22 254:2 / /usr ro,relatime shared:1 - ext4 /dev/vdb rw
33 22 0:40 / /etc/acrn rw - overlay overlay rw,upperdir=/u
34 22 0:41 / /mnt/a\\040b rw - squashfs /dev/loop0 ro
35 22 0:42 / /mnt/a\\040b rw - ext4 /dev/vdc rw
garbage
36 22 0:43 / / `;

describe("write strategy", () => {
  const mounts = parseMountinfo(MOUNTS);
  const base = { mounts, kind: "file" as const, links: 1, machine: true, ostree: false };
  const rows: [path: string, more: Partial<Parameters<typeof strategyOf>[0]>, how: string, why?: RegExp][] = [
    ["/etc/x", {}, "rename"],
    ["/etc/x", { kind: "absent" }, "rename"],
    ["/etc/x", { kind: "other" }, "refused", /regular/],
    ["/etc/x", { kind: "unreadable" }, "refused", /read/],
    ["/etc/x", { links: 2 }, "in-place", /2 hard links/],
    ["/boot/efi/loader/loader.conf", {}, "in-place", /vfat/],
    ["/boot/efix", {}, "rename"],
    ["/etc/default/grub", {}, "in-place", /bind mount/],
    ["/usr/share/x", {}, "refused", /read-only/],
    ["/etc/acrn/x", {}, "refused", /overlay/],
    ["/etc/acrn/x", { machine: false }, "rename"],
    ["/mnt/a b/x", {}, "rename"],
    ["/boot/loader/x", { ostree: true }, "refused", /ostree/],
    ["/etc/x", { ostree: true }, "rename"],
    ["/etc/x", { mounts: [] }, "rename"],
  ];
  for (const [path, more, how, why] of rows)
    it(`${path} ${JSON.stringify({ ...more, mounts: undefined })}: ${how}`, () => {
      const strategy = strategyOf({ ...base, path, real: path, ...more });
      assert.equal(strategy.how, how);
      if (why) assert.match("why" in strategy ? strategy.why : "", why);
    });

  it("takes the mount that covers the others", () => {
    assert.equal(mountOf("/mnt/a b/x", mounts)?.type, "ext4");
    assert.equal(mountOf("/x", [])?.type, undefined);
  });
});
