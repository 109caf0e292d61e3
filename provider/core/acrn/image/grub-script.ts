import { KERNELS } from "./grub-script/kernels";
import { MODULES } from "./grub-script/modules";
import { BOOT_IMAGES, PROMOTED_PATH } from "./paths";

/** How the script is described at its top. */
const ABOUT = `#!/bin/sh
# Menu entries of the hypervisor images that pulumi-acrn keeps; written by pulumi-acrn (HypervisorImage).
# grub-mkconfig runs it and ends with the first script that fails, and the kernel upgrade that called it with it: this one never does.
# An entry is said whole or not at all; what is left out is told on stderr.
`;

/**
 * One entry. `$1` id, `$2` folder, `$3` suffix of the entry's id, `$4` kernel, `$5` initrd or nothing, `$6` the kernel's release.
 *
 * The initrd goes without a tag where the Service VM has none: the hypervisor takes the first module with an empty string for an empty tag, for
 * every VM that has none [hypervisor/boot/guest/vboot_info.c get_mod_by_tag]. So it stays out where a pre-launched VM has none either.
 */
const ENTRY = `entry() {
  tag=$rtag
  [ "$tag" != - ] || tag=
  initrd=$5
  if [ -z "$tag" ] && [ "$initrd" ]; then
    case $vms in *' - '*)
      say "image $1: neither the Service VM nor a pre-launched one has a ramdisk_mod, so no initrd is loaded"
      initrd= ;;
    esac
  fi
  image=$(rel "$2/acrn.bin") && kernel=$(rel "$4") && root=$(root_of "$initrd") || return 1
  [ -z "$initrd" ] || ramdisk=$(rel "$initrd") || return 1
  quoted=$(printf '%s' "$6" | grub_quote)
  out "menuentry 'ACRN hypervisor image $1, with Linux $quoted' --class gnu-linux --class gnu --class os --class acrn \\$menuentry_id_option 'pulumi-acrn-$1$3' {"
  [ -z "$prepared" ] || out "$prepared"
  out "	echo	'Loading ACRN hypervisor image $1 ...'"
  out "	multiboot2	$image pulumi_acrn_image=$1 \${policy:+cpu_perf_policy=$policy }\${GRUB_CMDLINE_ACRN:+$GRUB_CMDLINE_ACRN }$root \${GRUB_CMDLINE_LINUX-} \${GRUB_CMDLINE_LINUX_DEFAULT-}"
  out "	echo	'Loading Linux $quoted ...'"
  out "	module2	$kernel $ktag $(arguments "$ktag")"
  if [ "$initrd" ]; then
    out "	echo	'Loading initial ramdisk ...'"
    out "	module2 --nounzip	$ramdisk $tag"
  fi
  prelaunched "$2"
  out '}'
}
whole() {
  if text=$(entry "$@"); then printf '%s\\n' "$text"; else say "image $1: its entry cannot be made, so it is left out"; fi
}
`;

/** The confirmed image first, the others in the order of their ids. */
const MAIN = `image() {
  dir=$B/$1
  { [ -s "$dir/acrn.bin" ] && load "$dir"; } || { say "image $1 is not whole, so it is left out"; return; }
  if command -v "$grub_file" >/dev/null 2>&1 && ! "$grub_file" --is-x86-multiboot2 "$dir/acrn.bin"; then
    say "image $1: acrn.bin is no multiboot2 image, so it is left out"
    return
  fi
  krel= kinit=
  [ ! -s "$dir/initrd" ] || kinit=$dir/initrd
  [ ! -r "$dir/release" ] || IFS= read -r krel <"$dir/release"
  if [ "$linux" ]; then
    release "$linux"
    whole "$1" "$dir" '' "$linux" "$(initrd_of "$linux")" "$V"
  elif [ -s "$dir/vmlinuz" ]; then
    whole "$1" "$dir" '' "$dir/vmlinuz" "$kinit" "\${krel:-unknown}"
  else
    say "image $1: no kernel in /boot has CONFIG_ACRN_HSM, and none was kept, so it is left out"
  fi
  [ ! -s "$dir/vmlinuz" ] || whole "$1" "$dir" -kept "$dir/vmlinuz" "$kinit" "\${krel:-unknown} (kept)"
}
linux=$(newest)
prepared=
[ -z "\${GRUB_DEVICE_BOOT-}" ] || prepared=$(prepare_grub_to_access_device $GRUB_DEVICE_BOOT | grub_add_tab)
first=
[ ! -r "$R${PROMOTED_PATH}" ] || IFS= read -r first <"$R${PROMOTED_PATH}"
case $first in *[!0-9a-f]*) first= ;; esac
[ -z "$first" ] || [ ! -d "$B/$first" ] || image "$first"
for f in "$B"/*; do
  id=\${f##*/}
  case $id in '' | *[!0-9a-f]* | "$first") continue ;; esac
  [ ! -d "$f" ] || image "$id"
done
exit 0
`;

/** Text of /etc/grub.d/26_pulumi_acrn, always the same: POSIX sh for grub-mkconfig. Silent where no image is installed. */
export function grubScriptText(): string {
  const head = `R=\${PULUMI_ACRN_ROOT-}
B=$R${BOOT_IMAGES}
[ -d "$B" ] || exit 0
n='
'
lib=\${pkgdatadir:-/usr/share/grub}/grub-mkconfig_lib
[ -r "$lib" ] || exit 0
. "$lib"
set +e
`;
  return [ABOUT, head, KERNELS, MODULES, ENTRY, MAIN].join("");
}
