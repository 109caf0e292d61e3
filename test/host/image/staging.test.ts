import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { prune } from "../../../provider/converge/image/prune";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { ImageSession, type StagedImage } from "../../../provider/host/image/session";
import { imageScript } from "../../../provider/host/scripts/image";
import { Session } from "../../../provider/host/session";
import { needs } from "../../support/needs";
import { shells } from "../helpers";
import { A, B, boot, C, has, hypervisor, image, machine, read, withGrub, write } from "./world";

const IMAGES = "var/lib/pulumi-acrn/images";
const D = "d".repeat(16);

/** Another build of the same id. */
function rebuilt(id: string): StagedImage {
  const { files, ...rest } = image(id);
  return { ...rest, files: new Map([...files, ["acrn.bin", hypervisor(`${id}, built again`)]]) };
}

const halves = (root: string) => readdirSync(join(root, IMAGES)).filter((name) => name.startsWith("."));

/** A client that stages word by word. */
class Slow {
  private constructor(private readonly session: Session) {}

  static async use(root: string, shell: FolderShell, work: (slow: Slow) => Promise<void>): Promise<void> {
    const slow = new Slow(await Session.start(folderTarget(root, shell), imageScript()));
    try {
      assert.equal(await slow.ask(`stage ${A}\n`, "stage"), "staging");
      await work(slow);
    } finally {
      await slow.session.close();
    }
  }

  /** All but the end. */
  async send({ id, files, manifest }: StagedImage): Promise<void> {
    for (const [name, bytes] of [...files, ["image.json", manifest] as const]) {
      const wire = gzipSync(bytes).toString("base64");
      const sha = createHash("sha256").update(bytes).digest("hex");
      assert.equal(
        await this.ask(`file ${id} ${name} ${bytes.length} ${sha} ${wire.length}\n${wire}`, "file"),
        "taken",
      );
    }
  }

  finish({ id, files }: StagedImage): Promise<string> {
    return this.ask(`finish ${id} ${files.size + 1}\n`, "finish");
  }

  private async ask(words: string, word: string): Promise<string> {
    this.session.send(words);
    let last = "";
    for (let line = await this.session.line(); line !== `end ${word}`; line = await this.session.line()) last = line;
    return last;
  }
}

for (const { name, shell } of shells())
  describe(`staging and what was staged, under ${name}`, function () {
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

    const promote = async (session: ImageSession, root: string, id: string): Promise<void> => {
      await session.stage(image(id));
      await session.install(id);
      boot(root, id);
      await session.keepKernel(id);
      await session.promote(id);
      await session.updateGrub();
    };

    const bytes = (root: string, id: string) => Buffer.from(read(root, `boot/pulumi-acrn/${id}/acrn.bin`));

    it("two at once for one id: each has its own folder, the first one that is whole stays", async () => {
      const root = machine();
      await Slow.use(root, own, async (slow) => {
        await slow.send(image(A));
        assert.equal(await on(root, (session) => session.stage(rebuilt(A))), "staged");
        assert.equal(halves(root).length, 1, "the other one lives, and its folder with it");
        assert.equal(await slow.finish(image(A)), "there");
      });
      assert.deepEqual(halves(root), []);
      assert.match(read(root, `${IMAGES}/${A}/acrn.bin`), /built again/);
    });

    it("what a client left that is gone goes with the next one", async () => {
      const root = machine();
      await Slow.use(root, own, (slow) => slow.send(image(A)));
      assert.equal(halves(root).length, 1);
      await on(root, (session) => session.stage(image(B)));
      assert.deepEqual(halves(root), []);
    });

    for (const [what, spoil] of [
      ["is gone", (path: string) => rmSync(path)],
      ["was written by somebody else", (path: string) => writeFileSync(path, "other")],
    ] as const)
      it(`is not finished when a file of it ${what}`, async () => {
        const root = machine();
        await Slow.use(root, own, async (slow) => {
          await slow.send(image(A));
          spoil(join(root, IMAGES, halves(root)[0] as string, "board.xml"));
          assert.match(await slow.finish(image(A)), /^failed board\.xml is not there as it came/);
        });
        assert.ok(!has(root, `${IMAGES}/${A}`));
      });

    it("is not finished with fewer files than were to come", async () => {
      const root = machine();
      await Slow.use(root, own, async (slow) => {
        await slow.send({ ...image(A), files: new Map([["acrn.bin", hypervisor(A)]]) });
        assert.match(await slow.finish(image(A)), /^failed of image a{16} came 2 files, not 5/);
      });
    });

    it("another build of an id that is in /boot never takes the place of what was booted there", async () => {
      const root = machine();
      await on(root, async (session) => {
        await promote(session, root, A);
        const confirmed = bytes(root, A);
        rmSync(join(root, IMAGES, A), { recursive: true });
        await session.stage(rebuilt(A));
        for (const running of [A, B]) {
          boot(root, running);
          assert.equal(await session.install(A), "there");
          assert.deepEqual(bytes(root, A), confirmed);
        }
        write(root, `boot/pulumi-acrn/${A}/acrn.bin`, "torn");
        await assert.rejects(session.install(A), /is damaged, it runs or is the default/);
        assert.deepEqual(bytes(root, A), Buffer.from("torn"));
        await promote(session, root, C);
        boot(root, A);
        await assert.rejects(session.install(A), /is damaged, it runs or is the default/);
        boot(root, C);
        assert.equal(await session.install(A), "installed");
        assert.match(bytes(root, A).toString(), /built again/);
      });
    });

    it("what was staged and is damaged since is not installed", async () => {
      const root = machine();
      await on(root, async (session) => {
        await session.stage(image(A));
        write(root, `${IMAGES}/${A}/acrn.bin`, "torn");
        await assert.rejects(session.install(A), /not as it was built: remove it/);
        assert.ok(!has(root, `boot/pulumi-acrn/${A}`));
      });
    });

    it("what was built and never installed goes, but for the latest; GRUB's menu names none that went", async () => {
      const root = machine();
      await on(root, async (session) => {
        const progress = () => {};
        for (const id of [B, C, D]) await session.stage(image(id));
        await promote(session, root, A);
        const { staged } = await session.state();
        assert.deepEqual(staged.length, 4);
        for (const [at, id] of [B, C, D].entries()) utimesSync(join(root, IMAGES, id, "image.json"), 1000, 1000 + at);
        assert.deepEqual(await prune(session, { wanted: A, keep: 2, progress }), [B]);
        assert.deepEqual((await session.state()).staged, [A, D, C]);
        for (const id of [C, D]) await session.install(id);
        await session.updateGrub();
        assert.match((await session.menu()).text, new RegExp(`${C}[^]*${D}|${D}[^]*${C}`));
        assert.deepEqual(await prune(session, { wanted: A, keep: 2, installed: false, progress }), []);
        const pruned = await prune(session, { wanted: A, keep: 2, progress });
        assert.equal(pruned.length, 1);
        assert.doesNotMatch((await session.menu()).text, new RegExp(pruned[0] as string));
      });
    });

    it("a next boot of ours is forgotten, and so is the name that GRUB leaves without a value", async () => {
      const root = machine({ "boot/grub/grubenv": "next_entry=\nsaved_entry=x\n" });
      await on(root, async (session) => {
        assert.equal(await session.clearOneShot(), undefined);
        assert.equal(read(root, "boot/grub/grubenv"), "saved_entry=x\n");
        await session.stage(image(A));
        await session.install(A);
        await session.oneShot(A);
        assert.equal(await session.clearOneShot(), undefined);
        assert.equal(read(root, "boot/grub/grubenv"), "saved_entry=x\n");
      });
    });
  });
