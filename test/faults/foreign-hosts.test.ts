import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { type FolderShell, folderTarget } from "../../provider/host/folder";
import { transact } from "../../provider/host/transaction";
import { listing, shells, temporary } from "../host/helpers";
import { needs, optional } from "../support/needs";
import { judge, nextContact } from "./support/judge";
import { mayMount, mounted, NO_MOUNT } from "./support/mounts";
import { contentOf, LEDGER_PATH, OWNER, REQUEST, SOURCE_PATH, smallWorld, type World } from "./support/world";

const OURS = dirname(LEDGER_PATH);
const FUTURE = 4_000_000_000; // 2096
const LONG_AGO = 1; // 1970: a board without a battery

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`odd hosts under ${name}`, function () {
    this.timeout(60_000);
    let world: World;
    before(async function () {
      needs(this, shell, `no ${name} on this machine`);
      world = await smallWorld("again");
    });

    const run = (root: string, on: FolderShell | undefined = shell) =>
      transact(folderTarget(root, on), REQUEST, () => world.changes, OWNER);

    /** The declared is there, whatever way leads to it, and nothing of ours stands beside it. */
    async function written(root: string): Promise<void> {
      await run(root);
      for (const { path, after } of world.changes)
        assert.equal(contentOf(root, path), Buffer.from(after ?? "").toString());
      const left = readdirSync(join(root, OURS)).filter((file) => !/^(ledger[.]json|scenario[.]xml|dirs)$/.test(file));
      assert.deepEqual(left, []);
    }

    /** Nothing was changed, and the error says so and why. */
    async function refused(root: string, code: string, text: RegExp): Promise<void> {
      const before = listing(root);
      await assert.rejects(run(root), (error) => {
        assert.ok(error instanceof AcrnError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, text);
        assert.match(error.message, /nothing was changed/);
        return true;
      });
      assert.deepEqual(listing(root), before);
    }

    for (const [clock, time] of [
      ["in the future", FUTURE],
      ["long ago", LONG_AGO],
    ] as const)
      it(`files from ${clock}: written, and the second run has nothing to do`, () =>
        world.within(async (root) => {
          for (const path of readdirSync(root, { recursive: true }) as string[])
            utimesSync(join(root, path), time, time);
          await written(root);
          assert.equal(judge(root, world).end, "new", judge(root, world).why);
          assert.equal((await nextContact(folderTarget(root, shell))).changed, false);
        }));

    it("a clock that goes back between read and write: no time is compared", () =>
      world.within(async (root) => {
        const decide = () => {
          for (const { path } of world.changes) utimesSync(join(root, path), LONG_AGO, LONG_AGO);
          return world.changes;
        };
        await transact(folderTarget(root, shell), REQUEST, decide, OWNER);
        assert.equal(judge(root, world).end, "new", judge(root, world).why);
      }));

    it("the scenario source is a link: it stays one, and its target is written", () =>
      world.within(async (root) => {
        mkdirSync(join(root, "srv"));
        renameSync(join(root, SOURCE_PATH), join(root, "srv/scenario.xml"));
        symlinkSync("/srv/scenario.xml", join(root, SOURCE_PATH)); // absolute on the machine
        await transact(folderTarget(root, shell), REQUEST, () => world.changes, OWNER);
        assert.ok(lstatSync(join(root, SOURCE_PATH)).isSymbolicLink());
        const after = world.changes.find(({ path }) => path === SOURCE_PATH)?.after ?? "";
        assert.equal(readFileSync(join(root, "srv/scenario.xml"), "utf8"), Buffer.from(after).toString());
      }));

    for (const path of [OURS, "/usr/share/acrn"])
      it(`the folder ${path} is a link`, () =>
        world.within(async (root) => {
          mkdirSync(join(root, "srv"));
          renameSync(join(root, path), join(root, "srv/elsewhere"));
          symlinkSync("/srv/elsewhere", join(root, path));
          await inside(root, path === OURS ? "srv/elsewhere" : OURS);
        }));

    async function inside(root: string, folder: string): Promise<void> {
      await run(root);
      for (const { path, after } of world.changes)
        assert.equal(
          readFileSync(join(root, folder, path.slice(OURS.length)), "utf8"),
          Buffer.from(after ?? "").toString(),
        );
      const left = readdirSync(join(root, folder)).filter(
        (file) => !/^(ledger[.]json|scenario[.]xml|dirs)$/.test(file),
      );
      assert.deepEqual(left, []);
    }

    it("the scenario source is bind-mounted: written in place", function () {
      optional(this, mayMount(temporary()), NO_MOUNT);
      return world.within(async (root) => {
        const real = join(root, "srv.xml");
        cpSync(join(root, SOURCE_PATH), real);
        const { ino } = statSync(real);
        await mounted(["--bind", real], join(root, SOURCE_PATH), () => written(root));
        assert.equal(statSync(real).ino, ino);
      });
    });

    it("a file system that is mounted read-only: refused", function () {
      optional(this, mayMount(temporary()), NO_MOUNT);
      return world.within(async (root) => {
        const at = join(root, "var/lib");
        await mounted(["--bind", at], at, () =>
          mounted(["-o", "remount,bind,ro"], at, () => refused(root, "write.refused", /pulumi-acrn/)),
        );
      });
    });

    it("an ACL on the ledger's folder stays, and the ledger is written", function () {
      optional(this, spawnSync("setfacl", ["--version"]).status === 0, "no setfacl here (package acl)");
      return world.within(async (root) => {
        const at = join(root, OURS);
        const set = spawnSync("setfacl", ["-m", "u:12345:r-x,d:u:12345:r--", at]);
        optional(this, set.status === 0, "the file system of the tests has no ACLs");
        const acl = () => spawnSync("getfacl", ["-cpn", at], { encoding: "utf8" }).stdout;
        const before = acl();
        await written(root);
        assert.equal(acl(), before);
      });
    });
  });
