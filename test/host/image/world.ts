import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { grubDefaultText } from "../../../provider/core/acrn/image/grub-default";
import { grubScriptText } from "../../../provider/core/acrn/image/grub-script";
import { type ImageManifest, printManifest } from "../../../provider/core/acrn/image/manifest";
import { GRUB_DEFAULT_PATH, GRUB_SCRIPT_PATH } from "../../../provider/core/acrn/image/paths";
import type { FolderShell } from "../../../provider/host/folder";
import type { StagedImage } from "../../../provider/host/image/session";
import { sha256, temporary, tree } from "../helpers";

export const RELEASE = "6.1.0-acrn";
export const PACKAGED = "acrn-gnulinux-packaged";
export const [A, B, C] = ["a".repeat(16), "b".repeat(16), "c".repeat(16)] as const;

/** A multiboot2 header (specification, 3.1.1) and what tells this image from others. */
export function hypervisor(text: string): Buffer {
  const words = Uint32Array.of(0xe85250d6, 0, 24, 2 ** 32 - 0xe85250d6 - 24, 0, 8);
  return Buffer.concat([Buffer.from(words.buffer), Buffer.from(text), Buffer.from([0, 10, 13, 255])]);
}

export const ENTRY = "pulumi-acrn entry 1\npolicy Performance\nservice 0 Linux_bzImage Linux_initrd\nend\n";

/** An image as it is staged. */
export function image(id: string, { entry = ENTRY, more = {} as Record<string, Buffer> } = {}): StagedImage {
  const files = new Map<string, Uint8Array>([
    ["acrn.bin", hypervisor(id)],
    ["board.xml", Buffer.from("<board/>")],
    ["scenario.xml", Buffer.from(`<scenario id="${id}"/>`)],
    ["entry", Buffer.from(entry)],
    ...Object.entries(more),
  ]);
  const rows = [...files].map(([name, bytes]) => [
    name,
    { sha256: sha256(Buffer.from(bytes).toString("latin1")), size: bytes.length },
  ]);
  const manifest: ImageManifest = {
    format: 1,
    id,
    files: Object.fromEntries(rows),
    recipe: "make",
    source: "git v3.3",
    seconds: 1,
  };
  return { id, files, manifest: Buffer.from(printManifest(manifest)) };
}

/** A machine that boots the packaged image, with our two files in place and nothing installed. */
export function machine(files: Record<string, string> = {}): string {
  const root = tree({
    "boot/acrn-3.3.bin": "packaged",
    [`boot/vmlinuz-${RELEASE}`]: "the kernel",
    [`boot/config-${RELEASE}`]: "CONFIG_X=y\nCONFIG_ACRN_HSM=y\n",
    [`boot/initrd.img-${RELEASE}`]: "the initrd",
    "boot/grub/grub.cfg": "",
    "proc/cmdline": "root=/dev/sda2 ro quiet\n",
    "proc/sys/kernel/osrelease": `${RELEASE}\n`,
    "var/lib/pulumi-acrn/ledger.json": "{}\n",
    "dev/disk/by-uuid/1234-abcd": "",
    "lib/grub-mkconfig_lib": LIB,
    [`${GRUB_SCRIPT_PATH.slice(1)} @755`]: grubScriptText(),
    [GRUB_DEFAULT_PATH.slice(1)]: grubDefaultText(),
    ...files,
  });
  return root;
}

/** What the script uses of GRUB's own library, for machines without GRUB; the real one is tried in grub-real.test.ts. */
const LIB = `grub_file=false-friend
[ "\${grub_probe-}" ] || grub_probe=grub-probe
grub_file_is_not_garbage() { case $1 in *.dpkg-*|*~) return 1;; esac; [ -f "$1" ]; }
grub_quote() { sed "s/'/'\\\\\\\\''/g"; }
grub_add_tab() { sed 's/^/	/'; }
make_system_path_relative_to_its_root() { echo "$1"; }
prepare_grub_to_access_device() { echo "search --no-floppy --fs-uuid --set=root 1234-abcd"; }
uses_abstraction() { return 1; }
`;

/** The header is what grub-mkconfig 2.06 writes (00_header), the menu's first entry stands for the packages'. */
const UPDATE = `set -e
R=$PULUMI_ACRN_ROOT
[ ! -e "$R/broken" ] || { echo 'grub-probe: error: broken on purpose' >&2; exit 1; }
GRUB_DEFAULT=${PACKAGED}
for x in "$R"/etc/default/grub.d/*.cfg; do [ ! -e "$x" ] || . "$x"; done
export pkgdatadir="$R/lib" GRUB_DEVICE=/dev/sda2 GRUB_DEVICE_UUID=1234-abcd GRUB_DEVICE_BOOT=/dev/sda1 GRUB_FS=ext2
export GRUB_CMDLINE_LINUX="quiet splash" GRUB_CMDLINE_LINUX_DEFAULT=
{
  echo 'if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="'"$GRUB_DEFAULT"'"
fi
menuentry "packaged" $menuentry_id_option "${PACKAGED}" {
	multiboot2 /boot/acrn-3.3.bin
	module2	/boot/vmlinuz-${RELEASE} Linux_bzImage
}'
  for x in "$R"/etc/grub.d/*; do [ ! -e "$x" ] || sh "$x"; done
} >"$R/boot/grub/grub.cfg.tmp"
mv -f "$R/boot/grub/grub.cfg.tmp" "$R/boot/grub/grub.cfg"
`;

const PROBE = `case $* in
  *abstraction*) cat "$PULUMI_ACRN_ROOT/abstraction" 2>/dev/null || : ;;
  *) cat "$PULUMI_ACRN_ROOT/fs" 2>/dev/null || echo ext2 ;;
esac
`;

/** grubenv(5) in spirit: a line each, and the file is swapped. */
const EDITENV = `f=$1 w=$2
case $w in
  list) [ ! -e "$f" ] || grep = "$f" ;;
  set) { [ ! -e "$f" ] || grep -v "^\${3%%=*}=" "$f"; printf '%s\\n' "$3"; } >"$f.tmp"; mv -f "$f.tmp" "$f" ;;
  unset) { [ ! -e "$f" ] || grep -v "^$3=" "$f"; } >"$f.tmp"; mv -f "$f.tmp" "$f" ;;
esac
:
`;

const REBOOT = `d=\${1#--boot-directory=}\ngrub-editenv "$d/grub/grubenv" set "next_entry=$2"\n`;

const DF = `[ ! -e "$PULUMI_ACRN_ROOT/free" ] || { echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; echo "/dev/sda1 999 1 $(cat "$PULUMI_ACRN_ROOT/free") 1% /boot"; exit; }
PATH=\${PATH#*:}
exec df "$@"
`;

/** The shell with GRUB's commands before its own. */
export function withGrub({ shell = "/bin/sh", path = "/usr/bin:/bin" }: FolderShell): Required<FolderShell> {
  const bin = temporary();
  const commands = {
    "update-grub": UPDATE,
    "grub-probe": PROBE,
    "grub-editenv": EDITENV,
    "grub-reboot": REBOOT,
    df: DF,
  };
  for (const [name, text] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!${shell}\n${text}`);
    chmodSync(join(bin, name), 0o755);
  }
  return { shell, path: `${bin}:${path}` };
}

export function write(root: string, path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

export const read = (root: string, path: string): string => readFileSync(join(root, path), "utf8");
export const has = (root: string, path: string): boolean => existsSync(join(root, path));

/** A copy of a machine, for one try. */
export function copyOf(root: string): string {
  const copy = join(temporary(), "machine");
  cpSync(root, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** It has come up with this image. */
export function boot(root: string, id: string | undefined): void {
  write(root, "proc/cmdline", `root=/dev/sda2 ro${id ? ` pulumi_acrn_image=${id}` : ""} quiet\n`);
  if (has(root, "boot/grub/grubenv"))
    write(root, "boot/grub/grubenv", read(root, "boot/grub/grubenv").replace(/^next_entry=.*\n/m, ""));
}
