import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { folderTarget } from "../../provider/host/folder";
import { transactScript } from "../../provider/host/scripts/main";
import { transact } from "../../provider/host/transaction";
import { needs, optional } from "../support/needs";
import { change, listing, NOTHING, sha256, shells, temporary, tree } from "./helpers";

const NO_MOUNT = "mounting needs root and the right to mount";

const OWNER = { owner: "tests" };
const START = { "etc/a": "a", "etc/b": "b", "var/lib/x": "" };
const CHANGES = [change("/etc/a", "a", "A"), change("/etc/b", "b", "B")];
const REQUEST = { ...NOTHING, files: ["/etc/a", "/etc/b"] };
/** Somebody else writes the second file after the first was swapped, so the way leads back. */
const BACK = `case $1 in 'swapped 1'*) printf hand >"$R/etc/b";; esac`;

const code = (wanted: string, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AcrnError, String(error));
  assert.equal(error.code, wanted, error.message);
  assert.match(error.message, text);
  return true;
};

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`what a disk may do to us under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    const run = (root: string, hook: string, path?: string) => {
      const target = { ...shell, ...(path ? { path: `${path}:${shell?.path}` } : {}) };
      const inner = { script: transactScript(hook), pause: 1 };
      return transact(folderTarget(root, target), REQUEST, () => CHANGES, OWNER, inner);
    };

    it("entries that the power cut took are not taken for a finished transaction", async () => {
      const root = tree(START);
      await assert.rejects(
        run(root, `case $1 in commit) : >"$X/entries"; : >"$X/reverse"; kill -9 $$;; esac`),
        code("tx.torn", /entries is not there/),
      );
      assert.ok(existsSync(join(root, "var/lib/pulumi-acrn/journal")));
    });

    it("lost entries, the way back still there: undone", async () => {
      const root = tree(START);
      await assert.rejects(
        run(root, `case $1 in 'swapped 1'*) : >"$X/entries"; kill -9 $$;; esac`),
        code("tx.failed", /was put back/),
      );
      assert.equal(readFileSync(join(root, "etc/a"), "utf8"), "a");
    });

    it("a result that cannot be written is not `nothing was changed`; the next run ends it", async () => {
      const root = tree(START);
      await assert.rejects(
        run(root, `case $1 in 'swapped 2'*) mkdir "$X/result.t";; esac`),
        code("tx.torn", /cannot be noted/),
      );
      const tx = join(root, "var/lib/pulumi-acrn/tx");
      for (const id of readdirSync(tx)) rmSync(join(tx, id, "result.t"), { recursive: true });
      const { before } = await transact(folderTarget(root, shell), REQUEST, () => [], OWNER);
      assert.match(before.warnings.join(), /has been finished/);
      assert.deepEqual(listing(root), listing(tree({ ...START, "etc/a": "A", "etc/b": "B" })));
    });

    it("a disk that is full when the way leads back: put back all the same", async function () {
      const root = tree({ "etc/a": "a", "etc/b": "b" });
      const lib = join(root, "var/lib");
      mkdirSync(lib, { recursive: true });
      const mount = ["-t", "tmpfs", "-o", "size=200k", "none", lib];
      optional(this, process.getuid?.() === 0 && spawnSync("mount", mount).status === 0, NO_MOUNT);
      try {
        const fill = `case $1 in 'swapped 1'*) printf hand >"$R/etc/b"; cat /dev/zero >"$R/var/lib/full" 2>/dev/null;; esac`;
        await assert.rejects(run(root, fill), code("host.changed", /was put back/));
        assert.equal(readFileSync(join(root, "etc/a"), "utf8"), "a");
      } finally {
        spawnSync("umount", [lib]);
      }
    });

    it("what cannot be put back is said, also when its words find no room", async () => {
      const root = tree(START);
      const both = `case $1 in 'swapped 1'*) printf hand >"$R/etc/a"; printf hand >"$R/etc/b";; esac`;
      const script = transactScript(both);
      const loud = '"$@" 1<>"$X/said" 2>&1';
      assert.ok(script.includes(loud));
      const inner = { script: script.replace(loud, () => '"$@" >/dev/null 2>&1'), pause: 1 };
      await assert.rejects(
        transact(folderTarget(root, shell), REQUEST, () => CHANGES, OWNER, inner),
        code("tx.torn", /neither finished nor undone/),
      );
    });

    /** A `sync` in front of the real one: writes down what it is asked, and what the file held; or fails. */
    function syncs(text: string): string {
      const bin = temporary();
      writeFileSync(join(bin, "sync"), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, "sync"), 0o755);
      return bin;
    }

    it("a write that the disk refuses at fsync ends before the swap", async () => {
      const root = tree(START);
      const before = listing(root);
      const bin = syncs(`case $* in */new.2) echo 'sync: error syncing: Input/output error' >&2; exit 1;; esac`);
      await assert.rejects(run(root, "", bin), code("tx.failed", /Input.output error; nothing was changed/));
      assert.deepEqual(listing(root), before);
    });

    it("all that recovery needs is on the disk before the commit, names too", async () => {
      const root = tree(START);
      const log = join(temporary(), "log");
      const bin = syncs(`printf '%s\\n' "$@" >>${log}`);
      await run(root, `case $1 in commit) say '# commit' >>${log};; esac`, bin);
      const [before = ""] = readFileSync(log, "utf8").split("# commit");
      const at = (path: string) => new RegExp(`^${join(root, path)}$`, "m");
      const data = "/var/lib/pulumi-acrn";
      const files = ["entries", "reverse", "old.1", "old.2", "new.1", "new.2"].map(
        (file) => `${data}/tx/[^/]+/${file}`,
      );
      for (const path of [...files, `${data}/tx/[^/]+`, `${data}/tx`, data, "/etc/"]) assert.match(before, at(path));
    });

    it("that a directory is ours is on the disk before the directory is: a power cut leaves none behind", async () => {
      const root = tree(START);
      const log = join(temporary(), "log");
      const dirs = join(root, "var/lib/pulumi-acrn/dirs");
      const bin = syncs(`for f do [ "$f" != ${dirs} ] || cat "$f" >>${log}; done`);
      const mkdir = `#!/bin/sh\n[ "$*" != ${root}/opt/new ] || echo '# mkdir' >>${log}\nexec /bin/mkdir "$@"\n`;
      writeFileSync(join(bin, "mkdir"), mkdir, { mode: 0o755 });
      const target = folderTarget(root, { ...shell, path: `${bin}:${shell?.path}` });
      const request = { ...NOTHING, files: ["/opt/new/c"] };
      await transact(target, request, () => [change("/opt/new/c", null, "C")], OWNER);
      assert.match(readFileSync(log, "utf8"), /^[/]opt[/]new\n# mkdir$/m);
    });

    for (const how of ["rename", "in-place"])
      it(`old bytes are on the disk before they stand in for the new ones: ${how}`, async () => {
        const root = tree(START);
        if (how === "in-place") linkSync(join(root, "etc/a"), join(root, "etc/twin"));
        const log = join(temporary(), "log");
        // the replaced file itself goes back where it can; its bytes were never ours to sync
        const bin = syncs(`for f do [ -f "$f" ] && printf '%s %s\\n' "$(sha256sum <"$f")" "$f" >>${log}; done; :`);
        writeFileSync(join(bin, "ln"), `#!/bin/sh\ncase $1 in ../*|probe) exit 1;; esac\nexec /bin/ln "$@"\n`, {
          mode: 0o755,
        });
        const back = run(root, `${BACK}; case $1 in back) say '# back' >>${log};; esac`, bin);
        await assert.rejects(back, code("host.changed", /was put back/));
        const [, after = ""] = readFileSync(log, "utf8").split("# back");
        assert.match(
          after,
          new RegExp(`^${sha256("a")} .*${how === "rename" ? "/etc/[.]pulumi-acrn.*[.]1/alt" : "/etc/a"}$`, "m"),
        );
      });
  });
