import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { type FolderShell, folderTarget } from "../../provider/host/folder";
import { readSnapshot } from "../../provider/host/snapshot";
import { transact } from "../../provider/host/transaction";
import { needs, optional } from "../support/needs";
import { change, listing, NOTHING, shells, temporary, tree } from "./helpers";

const NO_MOUNT = "mounting needs root and the right to mount";
const OWNER = { owner: "tests" };
const write = (root: string, shell: FolderShell | undefined, path: string, before = "old") =>
  transact(folderTarget(root, shell), { ...NOTHING, files: [path] }, () => [change(path, before, "new")], OWNER);
const strategyAt = async (root: string, path: string) =>
  (await readSnapshot(folderTarget(root), { ...NOTHING, files: [path] })).files.get(path)?.strategy;
const sh = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

/** fusefat goes to the background before it has mounted. */
const WAIT = 'for x in 1 2 3 4 5 6 7 8 9; do mountpoint -q "$0" && exit; sleep 0.1; done; exit 1';

/** Ways to have a FAT: by the kernel, else by a driver in user space. */
const FATS: [title: string, format: string[], attach: (image: string, at: string) => boolean][] = [
  [
    "vfat",
    ["busybox", "mkdosfs"],
    (image, at) =>
      sh("mount", "-o", "loop", "-t", "vfat", image, at) ||
      (sh("fusefat", "-o", "rw+", image, at) && sh("sh", "-c", WAIT, at)),
  ],
  [
    "exFAT",
    ["mkfs.exfat"],
    (image, at) =>
      sh("mount", "-o", "loop,umask=022", "-t", "exfat", image, at) ||
      sh("mount", "-o", "loop,umask=022", "-t", "exfat-fuse", image, at),
  ],
];

for (const { name, shell } of shells())
  describe(`places where a file may lie, under ${name}`, function () {
    this.timeout(60_000);
    const mounts: string[] = [];
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });
    afterEach(() => {
      for (const at of mounts.splice(0).reverse()) sh("umount", at);
    });
    function mount(context: Mocha.Context, at: string, ...args: string[]): void {
      optional(context, process.getuid?.() === 0 && sh("mount", ...args, at), NO_MOUNT);
      mounts.push(at);
    }

    it("behind links: absolute, relative, in a chain, into another file system; all keep pointing", async function () {
      const start = {
        "etc/one": "-> ../opt/two",
        "opt/two": "-> /srv/three",
        "srv/three": "-> disk/file",
        "srv/disk/here": "",
        "var/lib/x": "",
      };
      const root = tree(start);
      mount(this, join(root, "srv/disk"), "-t", "tmpfs", "-o", "mode=755", "none");
      writeFileSync(join(root, "srv/disk/file"), "old", { mode: 0o640 });
      await write(root, shell, "/etc/one");
      assert.equal(readFileSync(join(root, "srv/disk/file"), "utf8"), "new");
      const { "srv/disk/here": _, ...links } = start;
      assert.deepEqual(listing(root), listing(tree({ ...links, "srv/disk/file @640": "new" })));
    });

    it("behind a link that points at nothing yet: the file is made there", async () => {
      const root = tree({ "etc/l": "-> ../opt/new", "opt/x": "", "var/lib/x": "" });
      const changes = [change("/etc/l", null, "new")];
      await transact(folderTarget(root, shell), { ...NOTHING, files: ["/etc/l"] }, () => changes, OWNER);
      assert.deepEqual(
        listing(root),
        listing(tree({ "etc/l": "-> ../opt/new", "opt/new": "new", "opt/x": "", "var/lib/x": "" })),
      );
    });

    it("a bind-mounted file: written in place, the other name has it", async function () {
      const root = tree({ "etc/a": "", "opt/real @640": "old", "var/lib/x": "" });
      mount(this, join(root, "etc/a"), "--bind", join(root, "opt/real"));
      assert.equal((await strategyAt(root, "/etc/a"))?.how, "in-place");
      const { ino } = statSync(join(root, "etc/a"));
      await write(root, shell, "/etc/a");
      assert.equal(readFileSync(join(root, "opt/real"), "utf8"), "new");
      assert.equal(statSync(join(root, "etc/a")).ino, ino);
    });

    it("the upper layer of an overlay, in a folder", async function () {
      const root = tree({ "lower/a @640": "old", "upper/x": "", "work/x": "", "etc/x": "", "var/lib/x": "" });
      rmSync(join(root, "work/x"));
      const layers = `lowerdir=${root}/lower,upperdir=${root}/upper,workdir=${root}/work`;
      mount(this, join(root, "etc"), "-t", "overlay", "-o", layers, "none");
      await write(root, shell, "/etc/a");
      assert.equal(readFileSync(join(root, "etc/a"), "utf8"), "new");
      assert.equal(readFileSync(join(root, "lower/a"), "utf8"), "old");
      assert.equal(statSync(join(root, "etc/a")).mode & 0o777, 0o640);
    });

    it("immutable: refused with the reason, by the preview where test(1) sees it, else before anything is written", async function () {
      const root = realpathSync(mkdtempSync(join(tmpdir(), "acrn-places-")));
      const file = join(root, "a");
      try {
        writeFileSync(file, "old");
        optional(this, sh("chattr", "+i", file), "chattr +i does not work here");
        const before = listing(root);
        await assert.rejects(
          write(root, shell, "/a"),
          (error) =>
            error instanceof AcrnError &&
            error.code === "write.refused" &&
            /nothing was changed/.test(error.message) &&
            /lsattr/.test(error.message),
        );
        assert.deepEqual(listing(root), before);
        const how = await strategyAt(root, "/a");
        assert.match(how?.how === "refused" ? how.why : "", /immutable/);
      } finally {
        sh("chattr", "-i", file);
        rmSync(root, { recursive: true });
      }
    });

    for (const [title, format, attach] of FATS)
      it(`${title}: in place, made and removed, without links, modes and owners`, async function () {
        const image = join(temporary(), "fat");
        writeFileSync(image, Buffer.alloc(8 * 1024 * 1024));
        const [program = "", ...args] = format;
        optional(this, sh(program, ...args, image), `no ${program}`);
        const root = tree({ "var/lib/x": "" });
        const at = join(root, "boot");
        mkdirSync(at);
        const ready = process.getuid?.() === 0 && attach(image, at);
        optional(this, ready, `neither this kernel nor a driver of its user mounts ${title} here`);
        mounts.push(at);
        writeFileSync(join(at, "LOADER.CFG"), "old");
        assert.equal((await strategyAt(root, "/boot/LOADER.CFG"))?.how, "in-place");
        await write(root, shell, "/boot/LOADER.CFG");
        assert.equal(readFileSync(join(at, "LOADER.CFG"), "utf8"), "new");
        const files = ["/boot/LOADER.CFG", "/boot/NEW.CFG"];
        const changes = [change("/boot/LOADER.CFG", "new", null), change("/boot/NEW.CFG", null, "made")];
        await transact(folderTarget(root, shell), { ...NOTHING, files }, () => changes, OWNER);
        assert.deepEqual(readdirSync(at), ["NEW.CFG"]);
        assert.equal(readFileSync(join(at, "NEW.CFG"), "utf8"), "made");
      });

    for (const title of [
      "a blank at its end ",
      " and before",
      "-n",
      "*[x]?",
      "'\"\\",
      "é\u2028x",
      "e//x".replace("//", ""),
    ])
      it(`a name like ${JSON.stringify(title)} that a glob found`, async () => {
        const path = `/home/al/acrn-work/${title}.sh`;
        const root = tree({ [path.slice(1)]: "old", [`opt/${title}`]: "old", "var/lib/x": "" });
        const request = { scripts: ["/opt/*"], files: [] };
        const changes = [change(path, "old", "new"), change(`/opt/${title}`, "old", "new")];
        await transact(folderTarget(root, shell), request, () => changes, OWNER);
        assert.deepEqual(
          listing(root),
          listing(tree({ [path.slice(1)]: "new", [`opt/${title}`]: "new", "var/lib/x": "" })),
        );
      });

    it("names that are not UTF-8: left alone with a word, even two that look the same; the others are read", async () => {
      const root = tree({ "home/al/acrn-work/l.sh": "x", "var/lib/x": "" });
      const bytes = (last: number) =>
        Buffer.concat([Buffer.from(`${root}/home/al/acrn-work/`), Buffer.of(0x61, last), Buffer.from(".sh")]);
      writeFileSync(bytes(0xff), "one");
      writeFileSync(bytes(0xfe), "three");
      const { files, warnings } = await readSnapshot(folderTarget(root, shell), NOTHING);
      assert.equal(Buffer.from(files.get("/home/al/acrn-work/l.sh")?.bytes ?? []).toString(), "x");
      assert.match(warnings.join(), /left alone: its name is not UTF-8/);
      const strategy = files.get("/home/al/acrn-work/a\ufffd.sh")?.strategy;
      assert.match(strategy?.how === "refused" ? strategy.why : "", /not UTF-8/);
    });

    it("a hard link that comes between plan and lock: written in place, both names have it", async () => {
      const root = tree({ "etc/a": "old", "var/lib/x": "" });
      assert.equal((await strategyAt(root, "/etc/a"))?.how, "rename");
      linkSync(join(root, "etc/a"), join(root, "etc/twin"));
      mkdirSync(join(root, "opt"));
      await write(root, shell, "/etc/a");
      assert.equal(readFileSync(join(root, "etc/twin"), "utf8"), "new");
    });
  });
