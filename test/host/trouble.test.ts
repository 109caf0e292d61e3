import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { folderTarget } from "../../provider/host/folder";
import { transactScript } from "../../provider/host/scripts/main";
import { transact } from "../../provider/host/transaction";
import { needs, optional } from "../support/needs";
import { change, listing, NOTHING, shells, tree } from "./helpers";

const NO_MOUNT = "mounting needs root and the right to mount";

const START = { "etc/a": "a", "etc/b": "b", "var/lib/x": "" };
const OWNER = { owner: "me" };

/** Mounts, and unmounts when `use` is through; undefined where we may not mount. */
async function mounted(args: string[], at: string, use: () => Promise<void>): Promise<boolean> {
  if (process.getuid?.() !== 0 || spawnSync("mount", [...args, at]).status !== 0) return false;
  try {
    await use();
  } finally {
    spawnSync("umount", [at]);
  }
  return true;
}

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`trouble under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    for (const where of ["etc", "var/lib"])
      it(`a full disk at ${where}: nothing is changed, and it is said`, async function () {
        const root = tree({ x: "" });
        mkdirSync(join(root, "etc"));
        mkdirSync(join(root, "var/lib"), { recursive: true });
        const changes = [change("/etc/a", "a", "A"), change("/etc/big", null, "x".repeat(300_000))];
        const use = async () => {
          writeFileSync(join(root, "etc/a"), "a");
          const before = listing(root);
          await assert.rejects(
            transact(folderTarget(root, shell), { ...NOTHING, files: ["/etc/a", "/etc/big"] }, () => changes, OWNER),
            (error) =>
              error instanceof AcrnError && error.code === "disk.full" && /nothing was changed/.test(error.message),
          );
          assert.deepEqual(listing(root), before);
        };
        optional(
          this,
          await mounted(["-t", "tmpfs", "-o", "size=200k,mode=755", "none"], join(root, where), use),
          NO_MOUNT,
        );
      });

    it("a disk without room for the lock: said, and nothing is left there", async function () {
      const root = tree({ "etc/a": "a" });
      mkdirSync(join(root, "var"));
      const use = async () => {
        writeFileSync(join(root, "var/full"), "x".repeat(8192));
        const before = listing(root);
        await assert.rejects(
          transact(folderTarget(root, shell), NOTHING, () => [], OWNER),
          (error) =>
            error instanceof AcrnError && error.code === "write.refused" && /nothing was changed/.test(error.message),
        );
        assert.deepEqual(listing(root), before);
      };
      optional(this, await mounted(["-t", "tmpfs", "-o", "size=8k", "none"], join(root, "var"), use), NO_MOUNT);
    });

    it("a bind-mounted file is written in place", async function () {
      const root = tree(START);
      const use = async () => {
        const files = ["/etc/a"];
        const { before } = await transact(
          folderTarget(root, shell),
          { ...NOTHING, files },
          () => [change("/etc/a", "b", "B")],
          OWNER,
        );
        assert.equal(before.files.get("/etc/a")?.strategy?.how, "in-place");
        assert.equal(readFileSync(join(root, "etc/b"), "utf8"), "B");
        await assert.rejects(
          transact(folderTarget(root, shell), { ...NOTHING, files }, () => [change("/etc/a", "B", null)], OWNER),
          (error) => error instanceof AcrnError && error.code === "write.refused" && /mount point/.test(error.message),
        );
      };
      optional(this, await mounted(["--bind", join(root, "etc/b")], join(root, "etc/a"), use), NO_MOUNT);
    });

    it("a read-only file system is refused before anything is sent", async function () {
      const root = tree({ ...START, "usr/x": "" });
      const use = async () => {
        await assert.rejects(
          transact(
            folderTarget(root, shell),
            { ...NOTHING, files: ["/usr/y"] },
            () => [change("/usr/y", null, "y")],
            OWNER,
          ),
          (error) => error instanceof AcrnError && error.code === "write.refused" && /read-only/.test(error.message),
        );
      };
      optional(this, await mounted(["-t", "tmpfs", "-o", "ro", "none"], join(root, "usr"), use), NO_MOUNT);
    });

    it("a swap that fails in the middle is put back, with the old times, and what others wrote stays", async () => {
      const root = tree(START);
      const times = statSync(join(root, "etc/a")).mtimeMs;
      // somebody else writes the second file after the first was swapped
      const script = transactScript(`case $1 in 'swapped 1'*) printf hand >"$R/etc/b";; esac`);
      const changes = [change("/etc/a", "a", "A"), change("/etc/b", "b", "B")];
      await assert.rejects(
        transact(folderTarget(root, shell), { ...NOTHING, files: ["/etc/a", "/etc/b"] }, () => changes, OWNER, {
          script,
          pause: 1,
        }),
        (error) =>
          error instanceof AcrnError && error.code === "host.changed" && /\/etc\/b.*was put back/.test(error.message),
      );
      assert.deepEqual(listing(root), listing(tree({ ...START, "etc/b": "hand" })));
      // busybox keeps seconds
      assert.equal(Math.floor(statSync(join(root, "etc/a")).mtimeMs / 1000), Math.floor(times / 1000));
    });

    it("what can go neither way is said, tried again by the next, and over once it is mended", async () => {
      const root = tree(START);
      // both files change under us: the first after its swap, the second before
      const script = transactScript(`case $1 in 'swapped 1'*) printf hand >"$R/etc/a"; printf hand >"$R/etc/b";; esac`);
      const changes = [change("/etc/a", "a", "A"), change("/etc/b", "b", "B")];
      const request = { ...NOTHING, files: ["/etc/a", "/etc/b"] };
      const torn = (error: unknown) =>
        error instanceof AcrnError &&
        error.code === "tx.torn" &&
        /\/etc\/a/.test(error.message) &&
        /left as it is/.test(error.message);
      await assert.rejects(
        transact(folderTarget(root, shell), request, () => changes, OWNER, { script, pause: 1 }),
        torn,
      );
      await assert.rejects(
        transact(folderTarget(root, shell), request, () => [], OWNER),
        torn,
      );
      assert.equal(readFileSync(join(root, "etc/a"), "utf8"), "hand");
      writeFileSync(join(root, "etc/a"), "a");
      const { before } = await transact(folderTarget(root, shell), request, () => [], OWNER);
      assert.match(before.warnings.join(), /has been undone/);
      assert.deepEqual(listing(root), listing(tree({ ...START, "etc/b": "hand" })));
    });

    it("a killed write in place is finished by the next", async () => {
      const root = tree(START);
      linkSync(join(root, "etc/a"), join(root, "etc/twin"));
      // the runner dies after it has truncated the file
      const text = 'cat "$X/new.$i" >"$E" && sy "$E"';
      assert.ok(transactScript().includes(text));
      const script = transactScript().replace(text, () => '{ : >"$E"; kill -9 $$; }');
      const run = transact(
        folderTarget(root, shell),
        { ...NOTHING, files: ["/etc/a"] },
        () => [change("/etc/a", "a", "new")],
        OWNER,
        { script: script.replace("recover() {", 'recover() { [ ! -e "$D/journal" ] || exit 1'), pause: 1 },
      );
      await run;
      assert.equal(readFileSync(join(root, "etc/twin"), "utf8"), "new");
    });
  });
