import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, linkSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { type FolderShell, folderTarget } from "../../provider/host/folder";
import { NEEDED } from "../../provider/host/scripts/superset";
import { readSnapshot } from "../../provider/host/snapshot";
import { transact } from "../../provider/host/transaction";
import { needs } from "../support/needs";
import { change, listing, NOTHING, shells, temporary, tree } from "./helpers";

const START = { "etc/a": "a", "etc/b @640": "b", "etc/twin": "t", "etc/l": "-> a", "etc/gone": "x", "var/lib/x": "" };
const FILES = { ...NOTHING, files: ["/etc/l", "/etc/b", "/opt/new/c", "/etc/gone", "/etc/twin"] };
const CHANGES = [
  change("/etc/l", "a", "A"),
  change("/etc/b", "b", "B"),
  change("/etc/twin", "t", "T"),
  change("/opt/new/c", null, "C"),
  change("/etc/gone", "x", null),
];
const END = { "etc/a": "A", "etc/b @640": "B", "etc/twin": "T", "etc/l": "-> a", "opt/new/c": "C", "var/lib/x": "" };

/** A PATH with these commands and nothing else, each the one that `shell` would find. */
function exactly(names: readonly string[], { shell, path }: FolderShell): FolderShell {
  const folder = temporary();
  for (const name of names) symlinkSync(found(name, path ?? ""), join(folder, name));
  return { ...(shell ? { shell } : {}), path: folder };
}

function found(name: string, path: string): string {
  const file = path
    .split(":")
    .map((part) => join(part, name))
    .find((one) => existsSync(one));
  assert.ok(file, `${name} is nowhere in ${path}`);
  // what a link of ours points at: busybox knows itself by the name that it is called by
  return file.startsWith("/usr") || file.startsWith("/bin") ? file : readlinkSync(file);
}

for (const { name, shell } of shells())
  describe(`the commands that a target needs, under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });
    const all = ["sh", ...NEEDED];

    // Debian's busybox has no nohup
    for (const detach of name === "busybox" ? ["setsid"] : ["setsid", "nohup"])
      it(`are these and ${detach}: reads and writes need no other`, async () => {
        const root = tree(START);
        linkSync(join(root, "etc/twin"), join(root, "etc/twin2"));
        const target = folderTarget(root, exactly([...all, detach], shell as FolderShell));
        const { changed } = await transact(target, FILES, () => CHANGES, { owner: "tests" });
        assert.equal(changed, true);
        rmSync(join(root, "etc/twin2"));
        const left = listing(root).filter((line) => !line.includes("/var/lib/pulumi-acrn"));
        assert.deepEqual(left, listing(tree(END)));
      });

    it("are all asked for: the error names the one that is missing, and a preview says it", async () => {
      const root = tree(START);
      const before = listing(root);
      for (const missing of [...all, "setsid"]) {
        const rest = [...all, "setsid"].filter((other) => other !== missing);
        const target = folderTarget(root, exactly(rest, shell as FolderShell));
        await assert.rejects(readSnapshot(target, NOTHING), (error) => {
          assert.ok(error instanceof AcrnError, missing);
          assert.match(error.message, new RegExp(`\\b${missing}\\b.*not (there|found)`), missing);
          return true;
        });
      }
      assert.deepEqual(listing(root), before);
    });
  });

describe("the commands that a target needs", () => {
  it("all are named at once", async () => {
    const path = temporary();
    for (const name of ["sh", "base64", "gzip"])
      symlinkSync(execFileSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(), join(path, name));
    await assert.rejects(
      readSnapshot(folderTarget(tree({}), { path }), NOTHING),
      (error) =>
        error instanceof AcrnError &&
        error.code === "tool.missing" &&
        /cat, chmod, cp, .* wc, setsid are/.test(error.message),
    );
  });
});
