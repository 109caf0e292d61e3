import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  bindMounted,
  clockWrongBy,
  fatDisk,
  hardLinked,
  immutable,
  overwritten,
  readOnlyMount,
  smallDisk,
  symlinked,
  Unavailable,
  withAcl,
  withXattr,
} from "../../examples/lab/server/faults";
import { listing, tree } from "../host/helpers";
import { optional } from "../support/needs";

const GRUB = "/etc/default/grub";

describe("lab faults: a host's tree", () => {
  const start = () => tree({ "etc/default/grub": "A=1\n", "proc/stat": "cpu 1\nbtime 1700000000\n" });
  const text = (root: string) => readFileSync(join(root, GRUB), "utf8");

  /** Does what this machine may not be able to. */
  function attempt<T>(context: Mocha.Context, work: () => T): T {
    try {
      return work();
    } catch (error) {
      optional(context, !(error instanceof Unavailable), error instanceof Error ? error.message : "");
      throw error;
    }
  }

  it("a symbolic link, relative or absolute on the host", () => {
    const [near, far] = [start(), start()];
    symlinked(near, GRUB);
    symlinked(far, GRUB, { absolute: true });
    assert.equal(text(near), "A=1\n");
    assert.equal(readlinkSync(join(far, GRUB)), "/srv/linked/_etc_default_grub");
  });

  it("a second name", () => {
    const root = start();
    hardLinked(root, GRUB, "/srv/twin");
    assert.equal(statSync(join(root, GRUB)).nlink, 2);
  });

  it("another text, and back", () => {
    const root = start();
    const before = listing(root);
    const undo = overwritten(root, GRUB, "hand");
    assert.equal(text(root), "hand");
    undo();
    assert.deepEqual(listing(root), before);
  });

  it("a wrong clock", () => {
    const root = start();
    const before = lstatSync(join(root, GRUB)).mtimeMs;
    clockWrongBy(root, 86_400 * 365);
    assert.equal(Math.round((lstatSync(join(root, GRUB)).mtimeMs - before) / 1000), 86_400 * 365);
    assert.match(readFileSync(join(root, "proc/stat"), "utf8"), /^btime 1731536000$/m);
  });

  it("an ACL", function () {
    const root = start();
    attempt(this, () => withAcl(root, GRUB));
    assert.match(execFileSync("getfacl", ["-pn", join(root, GRUB)], { encoding: "utf8" }), /^user:12345:rw-/m);
  });

  it("an extended attribute", function () {
    const root = start();
    attempt(this, () => withXattr(root, GRUB));
    assert.match(execFileSync("getfattr", ["-d", "--absolute-names", join(root, GRUB)], { encoding: "utf8" }), /kept/);
  });

  it("an immutable file", function () {
    const root = start();
    const undo = attempt(this, () => immutable(root, GRUB));
    try {
      assert.throws(() => writeFileSync(join(root, GRUB), ""), /EPERM/);
    } finally {
      undo();
    }
    writeFileSync(join(root, GRUB), "");
  });

  it("a bind mount, and one that is read-only", function () {
    const root = start();
    const undo = attempt(this, () => bindMounted(root, GRUB));
    undo();
    const writable = attempt(this, () => readOnlyMount(root, "/etc"));
    try {
      assert.throws(() => writeFileSync(join(root, GRUB), ""), /EROFS/);
    } finally {
      writable();
    }
    assert.equal(text(root), "A=1\n");
  });

  it("a small disk: full, read-only, and gone with its files in place", function () {
    const root = start();
    const before = listing(root);
    const disk = attempt(this, () => smallDisk(root, "/etc", 64 * 1024));
    try {
      disk.fill();
      assert.throws(() => writeFileSync(join(root, "etc/more"), "x".repeat(5000)), /ENOSPC/);
      disk.free();
      disk.readOnly();
      assert.throws(() => writeFileSync(join(root, GRUB), ""), /EROFS/);
      disk.writable();
    } finally {
      disk.unmount();
    }
    assert.deepEqual(
      listing(root).filter((line) => !line.startsWith("/etc/more ")),
      before,
    );
  });

  it("FAT", function () {
    const root = start();
    const disk = attempt(this, () => fatDisk(root, "/etc/default"));
    try {
      assert.equal(text(root), "A=1\n");
      assert.throws(() => hardLinked(root, GRUB, "/etc/default/twin"), /EPERM|ENOSYS|EOPNOTSUPP/);
    } finally {
      disk.unmount();
    }
    assert.equal(text(root), "A=1\n");
  });
});
