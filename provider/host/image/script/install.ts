import { sh } from "../../scripts/sh";

/**
 * From I to J. The default that boots today is not touched by any of it: a new image is a new folder. One that is there already and is what its own record says
 * (`sums`) stays as it is: it may have been booted and confirmed, and another build of the same id has other bytes. One that is damaged is mended, file by file;
 * where it runs or is the default, with its own bytes alone. Room is asked for first, the kernel that will be kept included.
 * `keep`: initrd and release before the kernel, whose name says that they are there.
 */
export const INSTALL = sh`
parts() { for x in $(names "$1"); do case $x in acrn.bin|entry|ACPI_VM*.bin) say "$x";; esac; done; }
# a line SHA NAME for each part of FOLDER: as its record has them, and as they are
record() { grep -E ' (acrn[.]bin|entry|ACPI_VM[0-9]+[.]bin)$' "$1/sums" 2>/dev/null | sort; }
actual() { for x in $(parts "$1"); do hash "$1/$x"; say "$H $x"; done | sort; }
sound() { [ -s "$1/sums" ] && [ "$(record "$1")" = "$(actual "$1")" ]; }
running() {
  U=
  { IFS= read -r x || [ "$x" ]; } 2>/dev/null <"$R/proc/cmdline" || return 0
  IFS=' '
  for y in $x; do case $y in pulumi_acrn_image=*) U=\${y#*=};; esac; done
  IFS=$n
  id "$U" || U=
}
# the kernel that runs: its release, its file, its initrd; one that an upgrade removed may be kept in our own folder
kernel() {
  kr= kf= ki=
  IFS= read -r kr 2>/dev/null <"$R/proc/sys/kernel/osrelease" || return 0
  for x in vmlinuz vmlinux kernel; do [ "$kf" ] || [ ! -s "$R/boot/$x-$kr" ] || kf=/boot/$x-$kr; done
  for x in "initrd.img-$kr" "initrd-$kr.img" "initrd-$kr.gz" "initrd-$kr" "initramfs-$kr.img"; do
    [ "$ki" ] || [ ! -s "$R/boot/$x" ] || ki=/boot/$x
  done
  [ -z "$kf" ] || return 0
  running
  ki= x=
  [ "$U" ] && IFS= read -r x 2>/dev/null <"$J/$U/release" && [ "$x" = "$kr" ] && [ -s "$J/$U/vmlinuz" ] || return 0
  kf=\${J#"$R"}/$U/vmlinuz
  [ ! -s "$J/$U/initrd" ] || ki=\${J#"$R"}/$U/initrd
}
kernels() {
  kernel
  [ -z "$kr" ] || say "release $kr"
  [ -z "$kf" ] || say "kernel $(size "$R$kf") $kf"
  [ -z "$ki" ] || say "initrd $(size "$R$ki") $ki"
}
# BYTES: refuses when /boot has not so many and a MiB
fits() {
  k=$(room "$R/boot")
  [ "$k" ] || { failed '/boot does not tell how much room it has'; return 1; }
  [ "$k" -ge $(($1/1024+1024)) ] || { say "space $1 $((k*1024))"; return 1; }
}
install() {
  s=$I/$1
  [ -s "$s/image.json" ] && [ -s "$s/acrn.bin" ] && [ -s "$s/entry" ] || { failed "image $1 is not staged"; return; }
  if sound "$J/$1"; then say there; return; fi
  [ ! -s "$s/sums" ] || sound "$s" || { failed "$s is not as it was built: remove it, and the next up builds it anew"; return; }
  if [ -s "$J/$1/sums" ] && [ "$(record "$J/$1")" != "$(actual "$s")" ]; then
    running
    if [ "$1" = "$U" ] || [ "$1" = "$(lines | head -n 1)" ]; then
      failed "$J/$1 is damaged, it runs or is the default, and what was built anew is not the same: promote another image first"
      return
    fi
  fi
  k=0
  for x in $(parts "$s"); do alike "$s/$x" "$J/$1/$x" || k=$((k+$(size "$s/$x"))); done
  tidy "$J"
  kernel
  [ -e "$J/$1/vmlinuz" ] || for x in $kf $ki; do k=$((k+$(size "$R$x"))); done
  fits $k || return
  w=$J/$1
  [ -d "$w" ] || w=$J/.$1.new
  mkdir -p "$w" 2>/dev/null && sy "$R/boot" "$J" || { failed "$w cannot be made"; return; }
  for x in $(parts "$s"); do
    alike "$s/$x" "$w/$x" || lay "$s/$x" "$w/$x" || { [ "$w" = "$J/$1" ] || rm -rf "$w"; failed "$x cannot be written to /boot"; return; }
  done
  actual "$w" >"$w/sums.new" && sy "$w/sums.new" && mv -f "$w/sums.new" "$w/sums" || { failed "$w cannot be written"; return; }
  [ "$w" = "$J/$1" ] || { sy "$w" && mv "$w" "$J/$1" && sy "$J"; } || { failed "image $1 cannot be renamed"; return; }
  say installed
}
keep() {
  w=$J/$1
  [ -s "$w/acrn.bin" ] || { failed "image $1 is not installed"; return; }
  [ ! -s "$w/vmlinuz" ] || { say there; return; }
  kernel
  [ "$kf" ] || { failed "the kernel that runs ($kr) is not in /boot"; return; }
  k=0
  for x in $kf $ki; do k=$((k+$(size "$R$x"))); done
  fits $k || return
  rm -f "$w/initrd"
  [ -z "$ki" ] || lay "$R$ki" "$w/initrd" || { failed 'the initrd cannot be kept'; return; }
  say "$kr" >"$w/release.new" && sy "$w/release.new" && mv -f "$w/release.new" "$w/release" && lay "$R$kf" "$w/vmlinuz" || { failed 'the kernel cannot be kept'; return; }
  say kept
}
`;
