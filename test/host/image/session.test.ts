import assert from "node:assert/strict";
import { readGrubCfg, topEntry } from "../../../provider/core/acrn/image/grub-cfg";
import { menuEntryId } from "../../../provider/core/acrn/image/paths";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { ImageSession } from "../../../provider/host/image/session";
import { imageScript } from "../../../provider/host/scripts/image";
import { Session } from "../../../provider/host/session";
import { needs } from "../../support/needs";
import { listing, sha256, shells } from "../helpers";
import { A, B, boot, C, has, image, machine, PACKAGED, RELEASE, read, withGrub, write } from "./world";

for (const { name, shell } of shells())
  describe(`hypervisor images on the machine, under ${name}`, function () {
    this.timeout(60_000);
    let own: FolderShell;
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
      own = withGrub(shell);
    });

    async function on<T>(root: string, work: (session: ImageSession) => Promise<T>): Promise<T> {
      const session = await ImageSession.open(folderTarget(root, own));
      try {
        return await work(session);
      } finally {
        await session.close();
      }
    }

    /** What would boot, by the menu on the disk. */
    const defaultOf = async (session: ImageSession): Promise<string | undefined> => {
      const { text } = await session.menu();
      const menu = readGrubCfg(text);
      assert.ok(menu.nextEntry);
      return menu.default.known ? menu.default.entry.id : menu.default.why;
    };

    const promote = async (session: ImageSession, root: string, id: string): Promise<void> => {
      await session.stage(image(id));
      await session.install(id);
      boot(root, id);
      await session.keepKernel(id);
      await session.promote(id);
      await session.updateGrub();
    };

    it("goes from staged to tried to promoted, and back to what was there before", async () => {
      const root = machine();
      await on(root, (session) => session.updateGrub());
      const start = listing(root);
      await on(root, async (session) => {
        assert.equal(await session.stage(image(A)), "staged");
        assert.equal(await session.stage(image(A)), "there");
        assert.deepEqual((await session.state()).staged, [A]);
        assert.equal(await session.install(A), "installed");
        assert.equal(await session.install(A), "there");
        await session.updateGrub();
        assert.equal(await session.oneShotTrouble(), undefined);
        await session.oneShot(A);
        assert.equal((await session.state()).next, menuEntryId(A));
        assert.equal(await defaultOf(session), PACKAGED);
        boot(root, A);
        await session.keepKernel(A);
        await session.promote(A);
        await session.updateGrub();
        assert.equal(await defaultOf(session), menuEntryId(A));
        assert.ok(topEntry(readGrubCfg((await session.menu()).text), menuEntryId(A, { kept: true })));
        const { installed, promoted, running, next, free } = await session.state();
        assert.deepEqual(
          installed.map(({ id, kept }) => ({ id, kept })),
          [{ id: A, kept: RELEASE }],
        );
        assert.deepEqual({ promoted, running, next }, { promoted: { id: A, before: [] }, running: A, next: undefined });
        assert.ok(free !== undefined && free > 0);
        boot(root, undefined);
        assert.equal(await session.withdraw(), "");
        assert.equal(await defaultOf(session), PACKAGED);
        await session.retire();
      });
      assert.deepEqual(
        listing(root).filter((line) => !line.startsWith("/boot/grub/grubenv")),
        start,
      );
    });

    it("remembers what was promoted before, and keeps back what must stay", async () => {
      const root = machine();
      await on(root, async (session) => {
        for (const id of [A, B, A, C]) await promote(session, root, id);
        assert.deepEqual((await session.state()).promoted, { id: C, before: [A, B] });
        await session.oneShot(B);
        boot(root, A);
        await session.oneShot(B);
        const { pruned, kept } = await session.prune([A, B, C]);
        assert.deepEqual(pruned, []);
        assert.deepEqual(
          kept.map(({ id }) => id),
          [A, B, C],
        );
        await session.clearOneShot();
        assert.deepEqual((await session.prune([A, B, C])).pruned, [B]);
        assert.equal(has(root, `boot/pulumi-acrn/${B}`), false);
        assert.equal(has(root, `var/lib/pulumi-acrn/images/${B}`), false);
      });
    });

    it("refuses where /boot is full, before it writes there", async () => {
      const root = machine({ free: "900\n" });
      await on(root, async (session) => {
        await session.stage(image(A));
        await assert.rejects(session.install(A), { code: "image.space" });
        assert.equal(has(root, "boot/pulumi-acrn"), false);
        write(root, "free", "2000\n");
        assert.equal(await session.install(A), "installed");
      });
    });

    for (const [file, text] of [
      ["fs", "btrfs\n"],
      ["fs", "zfs\n"],
      ["abstraction", "lvm\n"],
      ["abstraction", "diskfilter mdraid1x\n"],
    ] as const)
      it(`tries nothing once where grubenv lies on ${text.trim()}`, async () => {
        const root = machine({ [file]: text });
        await on(root, async (session) => {
          await session.stage(image(A));
          await session.install(A);
          assert.match((await session.oneShotTrouble()) ?? "", new RegExp(text.trim().split(" ")[0] as string));
          await assert.rejects(session.oneShot(A), { code: "image.one-shot" });
          assert.equal((await session.state()).next, undefined);
        });
      });

    it("leaves alone what somebody else set for the next boot", async () => {
      const root = machine({ "boot/grub/grubenv": "next_entry=windows\nsaved_entry=x\n" });
      await on(root, async (session) => {
        assert.equal(await session.clearOneShot(), "windows");
        assert.equal((await session.state()).next, "windows");
      });
    });

    it("takes nothing away while one of ours is the default, or the packaged image cannot be made it", async () => {
      const root = machine();
      await on(root, async (session) => {
        await promote(session, root, A);
        write(root, "broken", "");
        await assert.rejects(session.retire(), /names an image that boots by default/);
        await assert.rejects(session.withdraw(), (error: Error) => /broken on purpose/.test(error.message));
        assert.equal(await defaultOf(session), menuEntryId(A));
        assert.ok(has(root, `boot/pulumi-acrn/${A}/acrn.bin`));
      });
    });

    it("launch scripts of an image that runs go to /run, for the rest of this boot", async () => {
      const root = machine();
      await on(root, async (session) => {
        await promote(session, root, A);
        await session.stage(image(B));
        for (const id of [A, B]) await session.putScripts(id, new Map([["RT.sh", `launch ${id}\n`]]));
        await session.withdraw();
        await session.retire(A);
        assert.equal(read(root, `run/pulumi-acrn/images/${A}/RT.sh`), `launch ${A}\n`);
        assert.equal(has(root, `run/pulumi-acrn/images/${B}`), false);
        assert.equal(has(root, "var/lib/pulumi-acrn/images"), false);
        await session.retire(A);
        assert.equal(read(root, `run/pulumi-acrn/images/${A}/RT.sh`), `launch ${A}\n`);
      });
    });

    it("an image's launch scripts are those that it was given, and once confirmed those that still wait", async () => {
      const root = machine();
      const at = (name: string) => `var/lib/pulumi-acrn/images/${name}`;
      await on(root, async (session) => {
        await session.stage(image(A));
        const text = "it's\n$(a) \\ script\n";
        await session.putScripts(
          A,
          new Map([
            ["RT.sh", text],
            ["TWO.sh", "two\n"],
            ["TWO.edited.sh", "two\n"],
          ]),
        );
        assert.equal(read(root, at(`${A}/RT.sh`)), text);
        await session.putScripts(
          A,
          new Map([
            ["RT.sh", text],
            ["ONE.sh", "one\n"],
          ]),
        );
        assert.deepEqual(
          [`${A}/TWO.sh`, `${A}/TWO.edited.sh`].map((name) => has(root, at(name))),
          [false, false],
        );
        assert.ok(has(root, at(`${A}/image.json`)));
        write(root, at("next/RT.sh"), text);
        write(root, at("next/ONE.sh"), "another\n");
        write(root, at("next/THREE.sh"), "three\n");
        const left = () => ["RT.sh", "ONE.sh", "THREE.sh"].map((name) => has(root, at(`${A}/${name}`)));
        await session.keepScripts(A, ["TWO.sh", "ONE.sh"]);
        assert.deepEqual(left(), [true, true, false], "what still waits, and what is named");
        await session.keepScripts(A, []);
        assert.deepEqual(left(), [true, false, false]);
        await assert.rejects(session.keepScripts(A, ["../ONE.sh"]), /no launch script of a VM/);
        await session.putScripts(A, new Map());
        assert.equal(has(root, at(`${A}/RT.sh`)), false);
        for (const name of ["../RT.sh", "RT", ".RT.sh", "a b.sh"])
          await assert.rejects(session.putScripts(A, new Map([[name, "x"]])), /no launch script of a VM/);
      });
    });

    it("mends what was installed and is damaged, and keeps a kernel once", async () => {
      const root = machine();
      await on(root, async (session) => {
        await promote(session, root, A);
        write(root, `boot/pulumi-acrn/${A}/acrn.bin`, "torn");
        assert.equal(await session.install(A), "installed");
        assert.equal(
          sha256(read(root, `boot/pulumi-acrn/${A}/acrn.bin`)),
          sha256(read(root, `var/lib/pulumi-acrn/images/${A}/acrn.bin`)),
        );
        write(root, `boot/vmlinuz-${RELEASE}`, "another build of it");
        await session.keepKernel(A);
        assert.equal(read(root, `boot/pulumi-acrn/${A}/vmlinuz`), "the kernel");
      });
    });

    it("finds the running kernel, in our own folder too", async () => {
      const root = machine();
      await on(root, async (session) => {
        assert.deepEqual(await session.kernels(), {
          release: RELEASE,
          kernel: { path: `/boot/vmlinuz-${RELEASE}`, size: 10 },
          initrd: { path: `/boot/initrd.img-${RELEASE}`, size: 10 },
        });
        await promote(session, root, A);
        for (const x of ["vmlinuz-", "config-", "initrd.img-"]) write(root, `boot/${x}${RELEASE}`, "");
        assert.equal((await session.kernels()).kernel?.path, `/boot/pulumi-acrn/${A}/vmlinuz`);
      });
    });

    it("takes 32 MiB, and nothing that is damaged on its way", async () => {
      const root = machine();
      const large = Buffer.alloc(32 * 1024 * 1024, Buffer.from(Array.from({ length: 251 }, (_, at) => at)));
      await on(root, (session) => session.stage(image(A, { more: { "ACPI_VM0.bin": large } })));
      const session = await Session.start(folderTarget(root, own), imageScript());
      session.send(`stage ${B}\nfile ${B} acrn.bin 3 ${sha256("abc")} 8\nd3Jvbmc=`);
      const lines: string[] = [];
      await assert.rejects(async () => {
        for (;;) lines.push(await session.line());
      });
      await session.close();
      assert.deepEqual(lines.slice(0, 2), ["staging", "end stage"]);
      assert.match(lines[2] ?? "", /^failed acrn.bin did not arrive whole/);
      await on(root, async (after) => {
        const { staged, partial } = await after.state();
        assert.deepEqual({ staged, partial }, { staged: [A], partial: [] });
      });
    });

    it("wants ids", async () => {
      const root = machine();
      const session = await Session.start(folderTarget(root, own), imageScript());
      for (const id of ["../../etc", "", "A".repeat(16), `${A}0`, "."]) {
        session.send(`install ${id}\n`);
        assert.equal(await session.line(), "failed no id");
        assert.equal(await session.line(), "end install");
      }
      await session.close();
    });
  });
