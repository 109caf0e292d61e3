import { type GrubSpec, probed } from "./spec";

/**
 * The functions that scripts of /etc/grub.d find in `$pkgdatadir/grub-mkconfig_lib`: names, arguments and what they print are those of
 * util/grub-mkconfig_lib.in, the text is the lab's.
 */
export const LIBRARY = `
: "\${grub_probe:=grub-probe}" "\${grub_file:=grub-file}" "\${grub_mkrelpath:=grub-mkrelpath}"
grub_tab="$(printf '\\t')"
gettext() { printf %s "$*"; }
gettext_printf() { f=$1; shift; printf "$f" "$@"; }
gettext_quoted() { gettext "$@" | grub_quote; }
grub_warn() { echo "Warning: $*" >&2; }
grub_quote() { sed "s/'/'\\\\\\\\''/g"; }
grub_add_tab() { sed "s/^/$grub_tab/"; }
grub_fmt() { cat; }
version_sort() { LC_ALL=C sort -V "$@"; }
version_test_numeric() { [ "$(printf '%s\\n%s\\n' "$1" "$3" | version_sort | tail -n 1)" = "$1" ]; }
version_test_gt() { [ "$1" != "$2" ] && version_test_numeric "$1" gt "$2"; }
version_find_latest() { printf '%s\\n' "$@" | version_sort | tail -n 1; }
grub_move_to_front() { echo "$@"; }
make_system_path_relative_to_its_root() { "$grub_mkrelpath" "$1"; }
is_path_readable_by_grub() { [ -e "$1" ]; }
save_default_entry() { if [ "$GRUB_SAVEDEFAULT" = true ]; then echo savedefault; fi; }
uses_abstraction() { "$grub_probe" --device "$1" --target=abstraction | grep -qx "$2"; }
grub_file_is_not_garbage() {
  [ -f "$1" ] || return 1
  case $1 in *.dpkg-*|*.rpmsave|*.rpmnew|README*|*/README*|*.sig) return 1 ;; esac
}
grub_get_device_id() {
  if [ "$GRUB_DISABLE_UUID" = true ]; then echo "$1" | tr ' ' _
  else "$grub_probe" --device "$1" --target=fs_uuid; fi
}
prepare_grub_to_access_device() {
  for m in $("$grub_probe" --device "$1" --target=partmap); do echo "insmod part_$m"; done
  for m in $("$grub_probe" --device "$1" --target=abstraction); do echo "insmod $m"; done
  for m in $("$grub_probe" --device "$1" --target=fs); do echo "insmod $m"; done
  if [ "$GRUB_DISABLE_UUID" != true ]; then
    echo "search --no-floppy --fs-uuid --set=\${device_variable:-root} $("$grub_probe" --device "$1" --target=fs_uuid)"
  fi
}
prepare_grub_to_access_device_with_variable() { device_variable=$1; shift; prepare_grub_to_access_device "$@"; unset device_variable; }
`;

const TARGETS =
  "fs abstraction fs_uuid device disk drive partmap partuuid fs_label compatibility_hint hints_string".split(" ");

/** The programs beside it, as POSIX sh: they run while the lab waits for them, so nothing of the lab can answer. */
export function programs(tree: string, grub: GrubSpec): Record<string, string> {
  const cases = TARGETS.map(
    (target) => `${target}) printf '%s' '${(probed(target, grub) ?? []).map((line) => `${line}\n`).join("")}' ;;`,
  );
  return {
    "grub-probe": `
t=fs
while [ $# -gt 0 ]; do
  case $1 in --target=*) t=\${1#--target=} ;; -t|--target) t=$2; shift ;; esac
  shift
done
case $t in
${cases.join("\n")}
*) echo "grub-probe: error: unknown target $t." >&2; exit 1 ;;
esac
`,
    // what is not there has no path
    "grub-mkrelpath": `
[ -e "$1" ] || { echo "grub-mkrelpath: error: failed to get canonical path of \\\`$1'." >&2; exit 1; }
p=\${1#'${tree}'}
${grub.bootPartition ? `case $p in /boot|/boot/*) p=\${p#/boot} ;; esac` : ""}
printf '%s\\n' "\${p%/}"
`,
    "grub-file": 'for f; do :; done; [ -s "$f" ]\n',
    lsb_release: "echo Debian\n",
  };
}
