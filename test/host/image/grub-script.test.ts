import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readGrubCfg } from "../../../provider/core/acrn/image/grub-cfg";
import { GRUB_SCRIPT_PATH, menuEntryId, PROMOTED_PATH } from "../../../provider/core/acrn/image/paths";
import type { FolderShell } from "../../../provider/host/folder";
import { needs } from "../../support/needs";
import { shells } from "../helpers";
import { A, B, ENTRY, hypervisor, machine, RELEASE, write } from "./world";

const HYBRID =
  "pulumi-acrn entry 1\nservice 2 Linux_bzImage -\nvm 0 Zephyr_RawImage - SAFETY_VM0\nvm 1 RT_bzImage RT_rd RT_VM1\nend\n";

const ENV = {
  GRUB_DEVICE: "/dev/sda2",
  GRUB_DEVICE_UUID: "1234-abcd",
  GRUB_DEVICE_BOOT: "/dev/sda1",
  GRUB_FS: "ext2",
  GRUB_CMDLINE_LINUX: "quiet splash",
  GRUB_CMDLINE_LINUX_DEFAULT: "",
};

function install(root: string, id: string, { entry = ENTRY, kept = false, acpi = [] as number[] } = {}): void {
  const at = `boot/pulumi-acrn/${id}`;
  write(root, `${at}/entry`, entry);
  writeFileSync(join(root, at, "acrn.bin"), hypervisor(id));
  for (const vm of acpi) write(root, `${at}/ACPI_VM${vm}.bin`, "tables");
  if (kept)
    for (const [name, text] of [
      ["vmlinuz", "old"],
      ["initrd", "old"],
      ["release", "5.10.0-old\n"],
    ] as const)
      write(root, `${at}/${name}`, text);
}

interface Case {
  title: string;
  files?: Record<string, string>;
  prepare(root: string): void;
  env?: Record<string, string>;
  /** Of each entry: its id, and the lines that load something. */
  entries: Record<string, readonly string[]>;
  said?: RegExp;
}

const line = (id: string, rest = "cpu_perf_policy=Performance root=UUID=1234-abcd ro quiet splash ") =>
  `multiboot2 /boot/pulumi-acrn/${id}/acrn.bin pulumi_acrn_image=${id} ${rest}`;
const KERNEL = `module2 /boot/vmlinuz-${RELEASE} Linux_bzImage `;
const INITRD = `module2 --nounzip /boot/initrd.img-${RELEASE} Linux_initrd`;
const KEPT = (id: string) => [
  line(id),
  `module2 /boot/pulumi-acrn/${id}/vmlinuz Linux_bzImage `,
  `module2 --nounzip /boot/pulumi-acrn/${id}/initrd Linux_initrd`,
];

const CASES: readonly Case[] = [
  { title: "nothing is installed", prepare: () => undefined, entries: {} },
  { title: "one image", prepare: (root) => install(root, A), entries: { [menuEntryId(A)]: [line(A), KERNEL, INITRD] } },
  {
    title: "two images: the confirmed one first",
    prepare: (root) => {
      install(root, A);
      install(root, B, { kept: true });
      write(root, PROMOTED_PATH, `${B}\n${A}\n`);
    },
    entries: {
      [menuEntryId(B)]: [line(B), KERNEL, INITRD],
      [menuEntryId(B, { kept: true })]: KEPT(B),
      [menuEntryId(A)]: [line(A), KERNEL, INITRD],
    },
  },
  {
    title: "the newest of the kernels that ACRN can use",
    files: {
      "boot/vmlinuz-6.10.0-acrn": "k",
      "boot/config-6.10.0-acrn": "CONFIG_ACRN_HSM=m\n",
      "boot/vmlinuz-6.9.0-acrn": "k",
      "boot/config-6.9.0-acrn": "CONFIG_ACRN_HSM=y\n",
      "boot/vmlinuz-6.10.0-acrn.old": "k",
      "boot/config-6.10.0-acrn.old": "CONFIG_ACRN_HSM=y\n",
      "boot/vmlinuz-7.0.0-amd64": "k",
      "boot/config-7.0.0-amd64": "# CONFIG_ACRN_HSM is not set\n",
      "boot/initrd-6.10.0-acrn.img": "i",
    },
    prepare: (root) => install(root, A),
    entries: {
      [menuEntryId(A)]: [
        line(A),
        "module2 /boot/vmlinuz-6.10.0-acrn Linux_bzImage ",
        "module2 --nounzip /boot/initrd-6.10.0-acrn.img Linux_initrd",
      ],
    },
  },
  {
    title: "an image folder that is not whole",
    prepare: (root) => {
      install(root, A);
      install(root, B, { entry: ENTRY.replace("end\n", "") });
      write(root, "boot/pulumi-acrn/cccccccccccccccc/entry", ENTRY);
      write(root, "boot/pulumi-acrn/.dddddddddddddddd.new/acrn.bin", "half");
      write(root, "boot/pulumi-acrn/notes", "mine");
    },
    entries: { [menuEntryId(A)]: [line(A), KERNEL, INITRD] },
    said: /image b{16} is not whole[\s\S]*image c{16} is not whole/,
  },
  {
    title: "an entry that would be a command",
    prepare: (root) => install(root, A, { entry: ENTRY.replace("Linux_bzImage", "$(reboot)") }),
    entries: {},
    said: /not whole/,
  },
  {
    title: "no kernel any more: the kept one",
    prepare: (root) => {
      install(root, A, { kept: true });
      for (const x of ["vmlinuz-", "initrd.img-", "config-"]) rmSync(join(root, `boot/${x}${RELEASE}`));
    },
    entries: { [menuEntryId(A)]: KEPT(A), [menuEntryId(A, { kept: true })]: KEPT(A) },
  },
  {
    title: "no kernel any more, and none was kept",
    prepare: (root) => {
      install(root, A);
      rmSync(join(root, `boot/config-${RELEASE}`));
    },
    entries: {},
    said: /no kernel in \/boot has CONFIG_ACRN_HSM/,
  },
  {
    title: "no initrd: root by the partition",
    prepare: (root) => {
      install(root, A);
      rmSync(join(root, `boot/initrd.img-${RELEASE}`));
    },
    env: { GRUB_DEVICE_PARTUUID: "99-88" },
    entries: {
      [menuEntryId(A)]: [line(A, "cpu_perf_policy=Performance root=PARTUUID=99-88 ro quiet splash "), KERNEL],
    },
  },
  {
    title: "root on btrfs",
    prepare: (root) => install(root, A),
    env: { GRUB_FS: "btrfs", GRUB_DEVICE: "/dev/sda2\n/dev/sdb2", SUBVOLUME: "/@root" },
    entries: {
      [menuEntryId(A)]: [
        line(A, "cpu_perf_policy=Performance root=UUID=1234-abcd ro rootflags=subvol=@root quiet splash "),
        KERNEL,
        INITRD,
      ],
    },
  },
  {
    title: "root on zfs",
    prepare: (root) => install(root, A),
    env: { GRUB_FS: "zfs", SUBVOLUME: "/ROOT/debian@", grub_probe: "echo" },
    entries: {
      [menuEntryId(A)]: [
        line(
          A,
          "cpu_perf_policy=Performance root=ZFS=--device /dev/sda2 --target=fs_label/ROOT/debian ro quiet splash ",
        ),
        KERNEL,
        INITRD,
      ],
    },
  },
  {
    title: "arguments of the hypervisor and of the Service VM, as they are",
    prepare: (root) => install(root, A),
    env: { GRUB_CMDLINE_ACRN: "uart=bdf@0xc1", GRUB_ACRN_MOD_CMDLINE_Linux_bzImage: "a=\\t b=$x" },
    entries: {
      [menuEntryId(A)]: [
        line(A, "cpu_perf_policy=Performance uart=bdf@0xc1 root=UUID=1234-abcd ro quiet splash "),
        `${KERNEL}a=\\t b=$x`,
        INITRD,
      ],
    },
  },
  {
    title: "pre-launched VMs: modules of those whose kernel is named",
    files: { "opt/zephyr.bin": "z", "opt/rt.img": "r", "opt/rt.rd": "d" },
    prepare: (root) => install(root, A, { entry: HYBRID, acpi: [1] }),
    env: {
      GRUB_ACRN_MOD_RT_bzImage: "/opt/rt.img",
      GRUB_ACRN_MOD_RT_rd: "/opt/rt.rd",
      GRUB_ACRN_MOD_CMDLINE_RT_bzImage: "rw idle=poll",
      GRUB_ACRN_MOD_Zephyr_RawImage: "/opt/gone.bin",
    },
    entries: {
      [menuEntryId(A)]: [
        line(A, "root=/dev/sda2 ro quiet splash "),
        KERNEL,
        "module2 /opt/rt.img RT_bzImage rw idle=poll",
        `module2 /boot/pulumi-acrn/${A}/ACPI_VM1.bin ACPI_VM1`,
        "module2 --nounzip /opt/rt.rd RT_rd",
      ],
    },
    said: /neither the Service VM nor a pre-launched one has a ramdisk_mod[\s\S]*SAFETY_VM0 is left out/,
  },
  {
    title: "a Service VM without a ramdisk tag, alone: the hypervisor takes the untagged one",
    prepare: (root) => install(root, A, { entry: "pulumi-acrn entry 1\nservice 0 Linux_bzImage -\nend\n" }),
    entries: {
      [menuEntryId(A)]: [
        line(A, "root=UUID=1234-abcd ro quiet splash "),
        KERNEL,
        `module2 --nounzip /boot/initrd.img-${RELEASE} `,
      ],
    },
  },
];

/** Id and loading lines of each entry, blanks as one. */
function loads(cfg: string): Record<string, string[]> {
  readGrubCfg(cfg);
  return Object.fromEntries(
    [...cfg.matchAll(/^menuentry .* \$menuentry_id_option '([^']*)' \{\n([\s\S]*?)^\}/gm)].map(
      ([, id = "", body = ""]) => [
        id,
        [...body.matchAll(/^\t((?:multiboot2|module2).*)$/gm)].map(([, text = ""]) => text.replaceAll("\t", " ")),
      ],
    ),
  );
}

for (const { name, shell } of shells())
  describe(`the grub.d script under ${name}`, () => {
    for (const { title, files = {}, prepare, env = {}, entries, said = /^$/ } of CASES)
      it(title, function () {
        needs(this, shell, `no ${name} on this machine`);
        const root = machine(files);
        prepare(root);
        if (env.SUBVOLUME)
          write(
            root,
            "lib/grub-mkconfig_lib",
            `${LIBRARY(root)}\nmake_system_path_relative_to_its_root() { echo "$SUBVOLUME"; }\n`,
          );
        const { status, stdout, stderr } = run(shell as FolderShell, root, env);
        assert.equal(status, 0, stderr);
        assert.deepEqual(loads(stdout), entries);
        assert.deepEqual(Object.keys(loads(stdout)), Object.keys(entries));
        assert.match(stderr, said);
      });
  });

const LIBRARY = (root: string): string => readFileSync(join(root, "lib/grub-mkconfig_lib"), "utf8");

function run({ shell = "/bin/sh", path = "/usr/bin:/bin" }: FolderShell, root: string, env: Record<string, string>) {
  const all = { ...ENV, PATH: path, PULUMI_ACRN_ROOT: root, pkgdatadir: `${root}/lib`, ...env };
  return spawnSync(shell, [join(root, GRUB_SCRIPT_PATH)], { env: all, encoding: "utf8" });
}
