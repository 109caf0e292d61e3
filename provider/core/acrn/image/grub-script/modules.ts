/**
 * Shell functions: an image's file `entry` (entry.ts), read word by word, and the modules of pre-launched VMs. Their files come from
 * GRUB_ACRN_MOD_<tag> and their arguments from GRUB_ACRN_MOD_CMDLINE_<tag>, as for the packages' 25_linux_acrn. What is missing leaves out the VM, and
 * is said; the Service VM comes up all the same.
 */
export const MODULES = `out() { printf '%s\\n' "$1"; }
say() { echo "pulumi-acrn: $*" >&2; }
plain() { case $1 in '' | *[!A-Za-z0-9_]*) return 1 ;; esac; }
load() {
  policy= ktag= rtag= vms= whole=
  {
    IFS= read -r word && [ "$word" = 'pulumi-acrn entry 1' ] && while read -r word a b c d; do
      case $word in
        policy) policy=$a ;;
        service) ktag=$b rtag=$c ;;
        vm) vms="$vms$a $b $c $d$n" ;;
        end) whole=1 ;;
      esac
    done
  } 2>/dev/null <"$1/entry"
  [ "$whole" ] && plain "$ktag" && plain "x$policy" && { [ "$rtag" = - ] || plain "$rtag"; }
}
# as GRUB sees a path; below a prefix (a lab) there is no device to ask
rel() {
  if [ "$R" ]; then
    echo "\${1#"$R"}"
  else
    d=$(make_system_path_relative_to_its_root "\${1%/*}") && echo "\${d%/}/\${1##*/}"
  fi
}
given() {
  plain "$1" || return 1
  eval "f=\\\${GRUB_ACRN_MOD_$1-}"
  [ "$f" ] && [ -e "$R$f" ]
}
arguments() { eval "out \\"\\\${GRUB_ACRN_MOD_CMDLINE_$1-}\\""; }
prelaunched() {
  printf %s "$vms" | while read -r id kernel ramdisk name; do
    plain "$id" || continue
    if ! given "$kernel"; then
      say "GRUB_ACRN_MOD_$kernel names no file, so the pre-launched VM $name is left out"
      continue
    fi
    out "	echo	'Loading pre-launched VM $name ...'"
    out "	module2	$(rel "$R$f") $kernel $(arguments "$kernel")"
    if [ -s "$1/ACPI_VM$id.bin" ]; then
      out "	module2	$(rel "$1/ACPI_VM$id.bin") ACPI_VM$id"
    else
      say "the image has no ACPI_VM$id.bin for the pre-launched VM $name"
    fi
    [ "$ramdisk" != - ] || continue
    if given "$ramdisk"; then
      out "	module2 --nounzip	$(rel "$R$f") $ramdisk"
    else
      say "GRUB_ACRN_MOD_$ramdisk names no file: the pre-launched VM $name gets no ramdisk"
    fi
  done
}
`;
