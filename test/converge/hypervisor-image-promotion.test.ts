import assert from "node:assert/strict";
import { chmodSync, rmSync, statSync, writeFileSync } from "node:fs";
import { boots } from "../../examples/lab/boots";
import { defaultImage } from "../../provider/core/acrn/image/default";
import { RT } from "../lab/support/cell";
import { built, failure, type ImageCell, OWNED, on } from "./support/image-cell";

const PROMOTED = "var/lib/pulumi-acrn/images/promoted";
const CANONICAL = OWNED.owned.slice(1);
const WAITING = `var/lib/pulumi-acrn/images/next/${RT}.sh`;

async function promote(host: ImageCell, args: Record<string, unknown>): Promise<string> {
  const id = await host.image(args);
  await host.activate();
  assert.equal(await defaultOf(host), id);
  return id;
}

const numbered = (n: number) => ({ ...built(`# ${n}`), keep: 2 });
const defaultOf = async (host: ImageCell) => defaultImage((await host.machine().draft()).snapshot);
const promotedFile = ({ cell }: ImageCell) => ({
  text: cell.read(PROMOTED),
  time: Math.trunc(statSync(cell.path(PROMOTED)).mtimeMs / 1000),
});

/** From the words on that a run says before it promotes. */
const failsToPromote = ({ cell }: ImageCell) => ({
  progress: (what: string) => {
    if (what.endsWith("becomes the default")) cell.machine.grub.updateFails = "no space left";
  },
});

describe("HypervisorImage: a promotion that fails", function () {
  this.timeout(180_000);

  it(
    "leaves the default what it was for whoever reads it, and the next run promotes",
    on(async (host) => {
      const { cell } = host;
      const old = await promote(host, numbered(1));
      const before = promotedFile(host);
      await cell.launch(RT);
      await host.rtVm([2]);
      const id = await host.image(numbered(2));
      const error = await failure(host.activate(undefined, failsToPromote(host)));
      assert.match(error.message, /no space left[\s\S]*Where it was not promoted the default is the one before/);
      delete cell.machine.grub.updateFails;
      assert.deepEqual(promotedFile(host), before);
      assert.equal(await defaultOf(host), old);
      assert.ok(cell.has(WAITING), "what is for the image on trial waits");
      const { lines } = await host.plan();
      assert.match(lines.join(), new RegExp(`^hypervisor-install of ${id}: it runs`));
      await host.activate();
      assert.equal(await defaultOf(host), id);
      assert.equal(cell.read(PROMOTED), `${id}\n${old}\n`);
      assert.ok(!cell.has(WAITING));
    }),
  );

  it(
    "the first of all: nothing is called the default",
    on(async (host) => {
      const id = await host.image();
      await failure(host.activate(undefined, failsToPromote(host)));
      delete host.cell.machine.grub.updateFails;
      assert.equal(host.cell.machine.state().booted?.image, id);
      assert.ok(!host.cell.has(PROMOTED));
      await host.activate();
      assert.equal(await defaultOf(host), id);
    }),
  );
});

describe("HypervisorImage: what comes behind a promotion", function () {
  this.timeout(180_000);

  it(
    "older images that cannot go are a warning: the image is the default, and what waited for it follows",
    on(async (host) => {
      const { cell } = host;
      const first = await promote(host, numbered(1));
      await promote(host, numbered(2));
      await cell.launch(RT);
      await host.rtVm([2]);
      const id = await host.image(numbered(3));
      // the menu that makes it the default is the last that succeeds
      Object.defineProperty(cell.machine.grub, "updateFails", {
        configurable: true,
        get: () => (cell.read("boot/grub/grub.cfg").includes(`set default="pulumi-acrn-${id}"`) ? "full" : undefined),
      });
      const did = await host.activate();
      delete cell.machine.grub.updateFails;
      assert.match(
        did.join("; "),
        new RegExp(
          `image ${id} is the default; warning: clearing up behind it failed, .*: ${first} went, and GRUB's menu names them .*full`,
        ),
      );
      assert.equal(await defaultOf(host), id);
      assert.match(cell.read(CANONICAL), /--cpu_affinity 4$/m);
      assert.ok(!cell.has(WAITING));
    }),
  );

  it(
    "a run that ended right behind it: the next one puts what waited in its place, and interrupts nothing",
    on(async (host) => {
      const { cell } = host;
      await cell.launch(RT);
      await host.rtVm([2]);
      const id = await host.image();
      const gone = () => Promise.reject(new Error("the client is gone"));
      await assert.rejects(host.activate(undefined, { settle: gone }), /the client is gone/);
      assert.equal(await defaultOf(host), id);
      assert.ok(cell.has(WAITING));
      const from = cell.events.length;
      assert.deepEqual(await host.activate(), []);
      assert.match(cell.read(CANONICAL), /--cpu_affinity 4$/m);
      assert.ok(!cell.has(WAITING));
      assert.deepEqual(
        cell.events.slice(from).filter((event) => /power-off|launch|boot$/.test(event)),
        [],
      );
      assert.deepEqual((await host.plan()).lines, []);
      await host.activate(undefined, { settle: () => assert.fail("nothing waits any more") });
    }),
  );
});

describe("HypervisorImage: a delete", function () {
  this.timeout(180_000);

  it(
    "that GRUB's menu cannot follow: the image is still called the default, as it boots",
    on(async (host) => {
      const { cell } = host;
      const id = await promote(host, built());
      const before = promotedFile(host);
      cell.machine.grub.updateFails = "no space left";
      assert.match((await failure(host.withdraw())).message, /no space left/);
      delete cell.machine.grub.updateFails;
      assert.deepEqual(promotedFile(host), before);
      assert.equal(await defaultOf(host), id);
    }),
  );

  for (const [what, entry] of [
    ["with an entry of that name it boots", true],
    ["without one GRUB boots its first entry", false],
  ] as const)
    it(
      `that is refused because GRUB_DEFAULT names it: ${what}, and is called so`,
      on(async (host) => {
        const { cell } = host;
        const id = await promote(host, built());
        const before = promotedFile(host);
        const own = "etc/default/grub.d/zzz-own.cfg";
        cell.write(own, `GRUB_DEFAULT="pulumi-acrn-${id}"\n`);
        const script = "etc/grub.d/41_own";
        if (entry) {
          const text = `menuentry "own" --id pulumi-acrn-${id} {\n\tmultiboot2 /boot/pulumi-acrn/${id}/acrn.bin\n}`;
          writeFileSync(cell.path(script), `#!/bin/sh\necho '${text}'\n`);
          chmodSync(cell.path(script), 0o755);
        }
        assert.equal((await failure(host.withdraw())).code, "image.default");
        assert.deepEqual(cell.has(PROMOTED) ? promotedFile(host) : undefined, entry ? before : undefined);
        assert.equal(await defaultOf(host), entry ? id : undefined);
        for (const path of entry ? [own, script] : [own]) rmSync(cell.path(path));
        await host.withdraw();
        assert.ok(!cell.has("boot/pulumi-acrn"));
        assert.ok(!cell.has(PROMOTED));
        assert.deepEqual(boots(cell.path(".")), []);
      }),
    );

  const MENUS: [what: string, text: string | undefined, promotes: boolean][] = [
    ["no menu of GRUB's is there", undefined, false],
    ["the menu cannot be read", "menuentry 'half' {\n", false],
    ["no menu of GRUB's is there any more", undefined, true],
  ];
  for (const [what, text, promotes] of MENUS)
    it(
      `where ${what}: ${promotes ? "what was the default" : "what was only built"} goes`,
      on(async (host) => {
        const { cell } = host;
        await host.image();
        if (promotes) await host.activate();
        if (text === undefined) rmSync(cell.path("boot/grub/grub.cfg"));
        else cell.write("boot/grub/grub.cfg", text);
        await host.withdraw();
        assert.ok(!cell.has("boot/pulumi-acrn"));
        assert.ok(!cell.has("var/lib/pulumi-acrn/images"));
      }),
    );
});
