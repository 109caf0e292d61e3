import { sh } from "../../scripts/sh";

/**
 * From I to B. The default that boots today is not touched by any of it: a new image is a new folder, and one that is there already is only mended, file by file.
 * Room is asked for first, the kernel that will be kept included. `keep`: initrd and release before the kernel, whose name says that they are there.
 */
export const INSTALL = sh`
parts() { for x in $(names "$1"); do case $x in acrn.bin|entry|ACPI_VM*.bin) say "$x";; esac; done; }
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
  [ "$U" ] && IFS= read -r x 2>/dev/null <"$B/$U/release" && [ "$x" = "$kr" ] && [ -s "$B/$U/vmlinuz" ] || return 0
  kf=\${B#"$R"}/$U/vmlinuz
  [ ! -s "$B/$U/initrd" ] || ki=\${B#"$R"}/$U/initrd
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
  k=0 z=1
  for x in $(parts "$s"); do alike "$s/$x" "$B/$1/$x" || { z=; k=$((k+$(size "$s/$x"))); }; done
  [ -z "$z" ] || { say there; return; }
  tidy "$B"
  kernel
  [ -e "$B/$1/vmlinuz" ] || for x in $kf $ki; do k=$((k+$(size "$R$x"))); done
  fits $k || return
  w=$B/$1
  [ -d "$w" ] || w=$B/.$1.new
  mkdir -p "$w" 2>/dev/null && sy "$R/boot" "$B" || { failed "$w cannot be made"; return; }
  for x in $(parts "$s"); do
    alike "$s/$x" "$w/$x" || lay "$s/$x" "$w/$x" || { [ "$w" = "$B/$1" ] || rm -rf "$w"; failed "$x cannot be written to /boot"; return; }
  done
  [ "$w" = "$B/$1" ] || { sy "$w" && mv "$w" "$B/$1" && sy "$B"; } || { failed "image $1 cannot be renamed"; return; }
  say installed
}
keep() {
  w=$B/$1
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
