import assert from "node:assert/strict";
import { readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { ImageSession } from "../../../provider/host/image/session";
import { needs } from "../../support/needs";
import { shells } from "../helpers";
import { A, B, boot, C, has, image, machine, read, withGrub, write } from "./world";

const PROMOTED = "var/lib/pulumi-acrn/images/promoted";
const MENU = "boot/grub/grub.cfg";

/** As if it had been written so many seconds ago. */
const age = (root: string, path: string, seconds: number) => {
  const at = Date.now() / 1000 - seconds;
  utimesSync(join(root, path), at, at);
};
const timeOf = (root: string, path: string) => statSync(join(root, path)).mtimeMs;

for (const { name, shell } of shells())
  describe(`what is promoted and taken back, under ${name}`, function () {
    this.timeout(60_000);
    let own: FolderShell;
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
      own = withGrub(shell);
    });

    async function on(root: string, work: (session: ImageSession) => Promise<void>): Promise<void> {
      const session = await ImageSession.open(folderTarget(root, own));
      await work(session).finally(() => session.close());
    }

    async function installed(session: ImageSession, root: string, id: string): Promise<void> {
      await session.stage(image(id));
      await session.install(id);
      boot(root, id);
      await session.keepKernel(id);
    }

    /** Promoted a minute ago, with a menu that was made for it. */
    async function promoted(session: ImageSession, root: string, id: string): Promise<void> {
      await installed(session, root, id);
      await session.promote(id);
      await session.updateGrub();
      age(root, PROMOTED, 60);
      age(root, MENU, 50);
    }

    it("a promotion that is taken back leaves the file of before, with its time: the menu is still newer", async () => {
      const root = machine();
      await on(root, async (session) => {
        await promoted(session, root, A);
        await installed(session, root, B);
        const time = timeOf(root, PROMOTED);
        write(root, "broken", "");
        await session.promote(B);
        assert.equal(read(root, PROMOTED), `${B}\n${A}\n`);
        assert.ok(timeOf(root, PROMOTED) > timeOf(root, MENU), "until a menu is made it does not count");
        await assert.rejects(session.updateGrub(), /broken on purpose/);
        await session.unpromote();
        assert.equal(read(root, PROMOTED), `${A}\n`);
        assert.equal(Math.trunc(timeOf(root, PROMOTED) / 1000), Math.trunc(time / 1000));
        assert.ok(timeOf(root, MENU) > timeOf(root, PROMOTED));
      });
    });

    it("the first one leaves none, whatever an earlier run left beside it", async () => {
      const root = machine();
      await on(root, async (session) => {
        await installed(session, root, A);
        write(root, "var/lib/pulumi-acrn/images/.promoted.before", `${C}\n`);
        await session.promote(A);
        await session.unpromote();
        assert.equal(has(root, PROMOTED), false);
      });
    });

    it("a promotion that was cut before its menu is not taken for one that was the default", async () => {
      const root = machine();
      await on(root, async (session) => {
        await promoted(session, root, A);
        for (const id of [B, C]) await installed(session, root, id);
        await session.promote(B);
        await session.promote(C);
        assert.equal(read(root, PROMOTED), `${C}\n${A}\n`);
      });
    });

    it("a withdrawal that GRUB's menu does not follow leaves the file, with its time; taken back behind it, too", async () => {
      const root = machine();
      await on(root, async (session) => {
        await promoted(session, root, A);
        const time = Math.trunc(timeOf(root, PROMOTED) / 1000);
        const asBefore = () =>
          assert.deepEqual([read(root, PROMOTED), Math.trunc(timeOf(root, PROMOTED) / 1000)], [`${A}\n`, time]);
        write(root, "broken", "");
        await assert.rejects(session.withdraw(), /broken on purpose/);
        asBefore();
        await assert.rejects(session.retire(), /names an image that boots by default/);
      });
      await on(machine(), async (session) => assert.equal(await session.withdraw(), undefined, "nothing is installed"));
      const whole = machine();
      await on(whole, async (session) => {
        await promoted(session, whole, A);
        const time = Math.trunc(timeOf(whole, PROMOTED) / 1000);
        assert.equal(await session.withdraw(), "");
        assert.equal(has(whole, PROMOTED), false);
        await session.unpromote();
        assert.deepEqual([read(whole, PROMOTED), Math.trunc(timeOf(whole, PROMOTED) / 1000)], [`${A}\n`, time]);
        await session.withdraw();
        await session.retire();
        assert.deepEqual(readdirSync(join(whole, "var/lib/pulumi-acrn")), ["ledger.json"]);
      });
    });
  });
