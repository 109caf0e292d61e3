import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { type FolderShell, folderTarget } from "../../provider/host/folder";
import { transactScript } from "../../provider/host/scripts/main";
import { transact } from "../../provider/host/transaction";
import { needs, optional } from "../support/needs";
import { change, NOTHING, shells, temporary } from "./helpers";

const CHANGES = [change("/etc/a", "a", "A"), change("/etc/b", "b", "B")];
const REQUEST = { ...NOTHING, files: ["/etc/a", "/etc/b"] };
/** Raw attributes of the kinds that exist; a label can be set also where SELinux is not active. */
const DRESS: [program: string, ...args: string[]][] = [
  ["setfacl", "-m", "u:12345:rw,g:54321:r"],
  ["setfattr", "-n", "user.note", "-v", "x\\000y\nz"],
  ["setfattr", "-n", "security.selinux", "-v", "system_u:object_r:etc_t:s0"],
  ["setcap", "cap_net_raw+ep"],
];

const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: "utf8" });

/** All that belongs to a file besides its name and bytes. `but`: what cannot be kept. */
function worn(path: string, but = /^$/): string[] {
  const { mode, uid, gid } = statSync(path);
  const lines = run("getfattr", "-h", "-d", "-m", "-", "-e", "hex", "--absolute-names", path).split("\n").slice(1);
  return [`${mode.toString(8)} ${uid}:${gid}`, ...lines.filter((line) => line && !but.test(line)).sort()];
}

describe("what belongs to a file besides its bytes", function () {
  this.timeout(60_000);
  const made: string[] = [];
  after(() => {
    for (const path of made) rmSync(path, { recursive: true, force: true });
  });

  /** On a disk: what a file system in memory keeps depends on the kernel. */
  function dressed(context: Mocha.Context): string {
    needs(
      context,
      ["setfacl", "getfattr"].every((name) => spawnSync(name, ["--version"]).status === 0),
      "no acl or attr",
    );
    const root = realpathSync(mkdtempSync(join(tmpdir(), "acrn-worn-")));
    made.push(root);
    run("mkdir", "-p", join(root, "etc"), join(root, "var/lib/x"));
    for (const name of ["a", "b"]) writeFileSync(join(root, "etc", name), name);
    const a = join(root, "etc/a");
    chmodSync(a, 0o640);
    optional(context, process.getuid?.() === 0, "only root can give files away");
    chownSync(a, 1234, 4321);
    for (const [program, ...args] of DRESS) {
      const { status, stderr } = spawnSync(program, [...args, a], { encoding: "utf8" });
      optional(context, status === 0, `${program} does not work on ${tmpdir()}: ${stderr}`);
    }
    return root;
  }

  /** coreutils without getfattr, and getfattr without coreutils. */
  function mixed(base: FolderShell, from: string, but: string, more: readonly string[] = []): FolderShell {
    const folder = temporary();
    for (const name of run("ls", from).split("\n"))
      if (name && name !== but) symlinkSync(realpathSync(join(from, name)), join(folder, name));
    for (const file of more) symlinkSync(realpathSync(file), join(folder, file.split("/").at(-1) ?? ""));
    return { ...base, path: `${(base.path ?? "").split(":")[0]}:${folder}` };
  }

  const [dash, bash, busybox] = shells().map((row) => row.shell);
  const TARGETS: [title: string, shell: () => FolderShell | undefined, but?: RegExp][] = [
    ["dash", () => dash],
    ["bash", () => bash],
    ["dash without getfattr", () => dash && mixed(dash, "/usr/bin", "getfattr")],
    // The write takes it, and busybox has nothing that would show or set one.
    ["busybox", () => busybox, /^security[.]capability=/],
    [
      "busybox with getfattr",
      () => busybox && { ...busybox, path: `${withGetfattr()}:${busybox.path}` },
      /^security[.]capability=/,
    ],
  ];
  const withGetfattr = () => {
    const folder = temporary();
    symlinkSync("/usr/bin/getfattr", join(folder, "getfattr"));
    return folder;
  };

  for (const [title, find, but] of TARGETS) {
    it(`mode, owner, ACL, label, attributes of users, capabilities stay: ${title}`, async function () {
      const shell = find();
      needs(this, shell, "no such shell");
      const root = dressed(this);
      const a = join(root, "etc/a");
      const before = worn(a, but);
      assert.ok(before.length >= 4, before.join("\n"));
      await transact(folderTarget(root, shell), REQUEST, () => CHANGES, { owner: "tests" });
      assert.equal(readFileSync(a, "utf8"), "A");
      assert.deepEqual(worn(a, but), before);
    });

    it(`and come back with the bytes: ${title}`, async function () {
      const shell = find();
      needs(this, shell, "no such shell");
      const root = dressed(this);
      const a = join(root, "etc/a");
      const [before, mtime] = [worn(a, but), Math.floor(statSync(a).mtimeMs / 1000)];
      const script = transactScript(`case $1 in 'swapped 1'*) printf hand >"$R/etc/b";; esac`);
      await assert.rejects(
        transact(folderTarget(root, shell), REQUEST, () => CHANGES, { owner: "tests" }, { script, pause: 1 }),
        (error) => error instanceof AcrnError && /was put back/.test(error.message),
      );
      assert.equal(readFileSync(a, "utf8"), "a");
      assert.deepEqual(worn(a, but), before);
      assert.equal(Math.floor(statSync(a).mtimeMs / 1000), mtime);
    });
  }

  it("a directory's default ACL is not put on a file that had none", async function () {
    needs(this, dash, "no dash");
    const root = dressed(this);
    run("setfacl", "-d", "-m", "u:777:rwx,g::rwx,m::rwx", join(root, "etc"));
    const before = worn(join(root, "etc/b"));
    await transact(folderTarget(root, dash), REQUEST, () => CHANGES, { owner: "tests" });
    assert.deepEqual(worn(join(root, "etc/b")), before);
  });

  describe("where no command can copy them, the file's own inode comes back", () => {
    const kill = (mark: string) => (script: string) => {
      assert.ok(script.includes(mark), mark);
      return script.replace(mark, () => `{ ${mark}; } && kill -9 $$`);
    };
    /** The runner dies behind each step of it; the one who started it goes on. */
    const CUTS = ["mark keep", "*) lay new", 'mark torn && fill old "$1"', 'same old "$H" && sy "$h/old" && lay old'];
    for (const mark of CUTS)
      it(`killed behind ${mark}`, async function () {
        needs(this, busybox, "no busybox");
        const root = dressed(this);
        const a = join(root, "etc/a");
        const [before, inode] = [worn(a, /capability/), statSync(a).ino];
        // once: what runs then is what recovers
        const text = kill(mark === "*) lay new" ? "lay new;" : mark);
        const script =
          mark === "*) lay new"
            ? transactScript().replace(
                "*) lay new;;",
                () => '*) lay new; [ -e "$X/once" ] || { say >"$X/once"; kill -9 $$; };;',
              )
            : text(transactScript())
                .replaceAll("kill -9 $$;", "kill -9 $$;")
                .replace("&& kill -9 $$", () => '&& { [ -e "$X/once" ] || { say >"$X/once"; kill -9 $$; }; }');
        const end = await transact(
          folderTarget(root, busybox),
          REQUEST,
          () => CHANGES,
          { owner: "tests" },
          { script, pause: 1 },
        ).then(
          () => "A",
          () => "a",
        );
        assert.equal(readFileSync(a, "utf8"), end);
        assert.deepEqual(worn(a, /capability/), before);
        assert.equal(statSync(a).ino, inode);
        assert.equal(statSync(a).nlink, 1);
      });

    it("but not under somebody who has it open: refused before anything is written", async function () {
      needs(this, busybox, "no busybox");
      const root = dressed(this);
      const a = join(root, "etc/a");
      const reader = spawn("/bin/sh", ["-c", `exec 9<"$0"; echo; read x`, a], { stdio: ["pipe", "pipe", "inherit"] });
      try {
        await new Promise((resolve) => reader.stdout.once("data", resolve));
        await assert.rejects(
          transact(folderTarget(root, busybox), REQUEST, () => CHANGES, { owner: "tests" }),
          (error) =>
            error instanceof AcrnError &&
            /has it open.*nothing was changed/.test(error.message) &&
            error.message.includes(String(reader.pid)),
        );
        assert.equal(readFileSync(a, "utf8"), "a");
        assert.ok(!existsSync(join(root, "var/lib/pulumi-acrn")));
      } finally {
        reader.stdin.end();
      }
    });
  });
});
