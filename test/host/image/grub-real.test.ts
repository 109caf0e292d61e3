import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readGrubCfg, topEntry } from "../../../provider/core/acrn/image/grub-cfg";
import { menuEntryId } from "../../../provider/core/acrn/image/paths";
import { ImageSession } from "../../../provider/host/image/session";
import type { RemoteProcess, Target } from "../../../provider/host/types";
import { needs, optional } from "../../support/needs";
import { temporary } from "../helpers";
import { A, B, boot, image, machine, PACKAGED, RELEASE, read, write } from "./world";

const GRUB = [
  "/usr/sbin/grub-mkconfig",
  "/usr/share/grub/grub-mkconfig_lib",
  "/usr/bin/grub-script-check",
  "/usr/sbin/grub-reboot",
];

/** A container's root has no device that grub-probe could find; all else is GRUB's own. */
const PROBE = `#!/bin/sh
case $* in
  *target=device*) echo /dev/sda2 ;;
  *target=fs_uuid*) echo 1234-abcd ;;
  *target=fs*) echo ext2 ;;
  *target=hints_string*) echo --hint-bios=hd0,gpt2 ;;
  *target=partmap*) echo gpt ;;
  *target=abstraction* | *target=cryptodisk_uuid*) ;;
  *) echo hd0,gpt2 ;;
esac
`;

/** Stands for the packages' 25_linux_acrn. */
const PACKAGE = `#!/bin/sh
echo "menuentry 'packaged' \\$menuentry_id_option '${PACKAGED}' {"
echo "	multiboot2 /acrn-3.3.bin"
echo "}"
`;

/** Folders of the tree that stand over the machine's own, for a shell in a mount namespace of its own. */
const OVER = ["boot", "etc/grub.d", "etc/default", "var/lib"] as const;

describe("the grub.d script with GRUB's own tools", function () {
  this.timeout(120_000);
  let root: string;
  let shell: string;
  before(function () {
    needs(
      this,
      GRUB.every((path) => existsSync(path)),
      "GRUB's tools are missing (grub-common, grub2-common)",
    );
    optional(this, spawnSync("unshare", ["-m", "true"]).status === 0, "no mount namespace can be had here");
    root = machine({ "etc/default/grub": `GRUB_DEFAULT=${PACKAGED}\nGRUB_CMDLINE_LINUX="quiet splash"\n` });
    copyFileSync("/etc/grub.d/00_header", join(root, "etc/grub.d/00_header"));
    for (const [path, text] of [
      ["etc/grub.d/25_packaged", PACKAGE],
      ["grub-probe", PROBE],
    ] as const) {
      write(root, path, text);
      chmodSync(join(root, path), 0o755);
    }
    chmodSync(join(root, "etc/grub.d/00_header"), 0o755);
    shell = join(temporary(), "shell");
    const binds = OVER.map((path) => `mount --bind '${root}/${path}' /${path}`);
    const mounts = [
      "set -e",
      "mount --make-rprivate /",
      ...binds,
      `mount --bind '${root}/grub-probe' /usr/sbin/grub-probe`,
      `mount --bind '${root}/proc/cmdline' /proc/cmdline`,
      `mount --bind '${root}/proc/sys/kernel/osrelease' /proc/sys/kernel/osrelease`,
      "set +e",
    ].join("\n");
    writeFileSync(
      shell,
      `#!/bin/sh\nexec unshare -m sh -c '${mounts.replaceAll("'", `'\\''`)}\nexec sh "$@"' sh "$@"\n`,
    );
    chmodSync(shell, 0o755);
    optional(this, spawnSync(shell, ["-c", "test -e /boot/acrn-3.3.bin"]).status === 0, "nothing can be mounted here");
  });

  const target = (): Target => ({
    transport: {
      label: "namespace",
      exec(command): Promise<RemoteProcess> {
        const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
        const child = spawn(shell, ["-c", command], { cwd: "/", env, stdio: ["pipe", "pipe", "pipe"] });
        const exit = new Promise<{ code: number | undefined }>((settle) => {
          child.once("exit", (code) => settle({ code: code ?? undefined }));
        });
        return Promise.resolve({ stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exit });
      },
    },
    elevation: { how: "none" },
  });

  const within = (command: string): string =>
    execFileSync(shell, ["-c", command], { encoding: "utf8", env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } });

  it("makes a menu that grub-script-check takes, one-shot and default by its entries", async () => {
    const session = await ImageSession.open(target());
    try {
      await session.updateGrub();
      for (const id of [A, B]) {
        await session.stage(image(id));
        await session.install(id);
      }
      await session.updateGrub();
      within("grub-script-check /boot/grub/grub.cfg");
      const menu = readGrubCfg((await session.menu()).text);
      assert.ok(menu.nextEntry);
      assert.deepEqual(menu.default.known && menu.default.entry.id, PACKAGED);
      assert.deepEqual(
        menu.entries.map(({ id }) => id),
        [PACKAGED, menuEntryId(A), menuEntryId(B)],
      );
      const { text } = await session.menu();
      // /boot is a mount point here: GRUB sees what lies below it
      assert.match(
        text,
        new RegExp(
          `multiboot2\\s+\\S*/pulumi-acrn/${A}/acrn.bin pulumi_acrn_image=${A} cpu_perf_policy=Performance root=`,
        ),
      );
      assert.match(text, new RegExp(`module2\\s+\\S*/vmlinuz-${RELEASE} Linux_bzImage`));
      assert.equal(await session.oneShotTrouble(), undefined);
      await session.oneShot(A);
      assert.match(within("grub-editenv /boot/grub/grubenv list"), new RegExp(`^next_entry=${menuEntryId(A)}$`, "m"));
      assert.equal((await session.state()).next, menuEntryId(A));
      assert.equal(await session.clearOneShot(), undefined);
      assert.doesNotMatch(within("grub-editenv /boot/grub/grubenv list"), /next_entry/);
    } finally {
      await session.close();
    }
  });

  it("promotes, keeps the kernel as an entry of its own, and goes back", async () => {
    const session = await ImageSession.open(target());
    try {
      boot(root, A);
      await session.keepKernel(A);
      await session.promote(A);
      await session.updateGrub();
      const menu = readGrubCfg((await session.menu()).text);
      assert.deepEqual(menu.default.known && menu.default.entry.id, menuEntryId(A));
      assert.ok(topEntry(menu, menuEntryId(A, { kept: true })));
      assert.deepEqual(
        menu.entries.map(({ id }) => id),
        [PACKAGED, menuEntryId(A), menuEntryId(A, { kept: true }), menuEntryId(B)],
      );
      await session.withdraw();
      await session.retire();
      const after = readGrubCfg((await session.menu()).text);
      assert.deepEqual(
        after.entries.map(({ id }) => id),
        [PACKAGED],
      );
      assert.deepEqual(after.default.known && after.default.entry.id, PACKAGED);
    } finally {
      await session.close();
    }
  });

  it("leaves out an acrn.bin that is no multiboot2 image, and update-grub does not fail for it", async () => {
    const session = await ImageSession.open(target());
    try {
      await session.stage({ ...image(A), files: new Map([...image(A).files, ["acrn.bin", Buffer.from("no image")]]) });
      await session.install(A);
      await session.updateGrub();
      assert.deepEqual(
        readGrubCfg((await session.menu()).text).entries.map(({ id }) => id),
        [PACKAGED],
      );
      write(root, "etc/grub.d/99_broken", "#!/bin/sh\nexit 1\n");
      chmodSync(join(root, "etc/grub.d/99_broken"), 0o755);
      const before = read(root, "boot/grub/grub.cfg");
      await assert.rejects(session.updateGrub(), { code: "image.failed" });
      assert.equal(read(root, "boot/grub/grub.cfg"), before);
    } finally {
      await session.close();
    }
  });
});
