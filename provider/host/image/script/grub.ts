import { sh } from "../../scripts/sh";

/**
 * GRUB's own tools, by either of their names; G: its folder. GRUB writes grubenv by the disk blocks that it lies on, so it cannot where blocks
 * are no disk's own: the file systems and abstractions that GRUB's 00_header names, and read-only ones.
 *
 * grub-mkconfig copies its result over grub.cfg in place, without fsync (grub-mkconfig.in, the end): a power cut then leaves a menu that ends in the middle. So it
 * writes beside it here, and the whole goes in its place by a rename. `update-grub` itself only where there is no other: Debian's is that one line.
 * Below a prefix (a lab) it is the lab's.
 */
export const GRUB = sh`
G=
for x in grub grub2; do [ "$G" ] || [ ! -e "$R/boot/$x/grub.cfg" ] || G=$R/boot/$x; done
tool() {
  T=grub-$1
  command -v "$T" >/dev/null 2>&1 || T=grub2-$1
  command -v "$T" >/dev/null 2>&1
}
grubenv() {
  [ "$G" ] || { say 'refused there is no /boot/grub/grub.cfg'; return 1; }
  tool probe || { say 'refused there is no grub-probe to ask'; return 1; }
  f=$G/grubenv
  [ -e "$f" ] || f=$G
  x=$("$T" --target=fs "$f" 2>&1) || { say "refused grub-probe: $(printf %s "$x" | tail -n 1)"; return 1; }
  case $x in btrfs|cpiofs|newc|odc|romfs|squash4|tarfs|zfs|iso9660|udf) say "refused GRUB cannot write to $x, where grubenv lies"; return 1;; esac
  y=$("$T" --target=abstraction "$f" 2>&1) || { say "refused grub-probe: $(printf %s "$y" | tail -n 1)"; return 1; }
  case $y in *diskfilter*|*lvm*|*raid*) say "refused GRUB cannot write through $(printf %s "$y" | tr '\n' ' '), where grubenv lies"; return 1;; esac
  say "writable $x"
}
# E: its whole line, which GRUB leaves without a value once it has taken it
next() {
  N= E=
  [ "$G" ] && [ -s "$G/grubenv" ] && tool editenv && E=$("$T" "$G/grubenv" list 2>/dev/null | sed -n '/^next_entry=/p')
  N=\${E#next_entry=}
}
# ID, and -kept for the kernel that was kept
shoot() {
  [ -s "$J/$1/acrn.bin" ] || { failed "image $1 is not installed"; return; }
  grubenv || return
  tool editenv && tool reboot || { failed 'there is no grub-reboot'; return; }
  e=$("$T" --boot-directory="$R/boot" "pulumi-acrn-$1\${2-}" 2>&1) || { failed "$T: $e"; return; }
  next
  [ "$N" = "pulumi-acrn-$1\${2-}" ] || { failed "grubenv says next_entry=$N after grub-reboot"; return; }
  sy "$G/grubenv" "$G" && say armed || failed 'grubenv cannot be synced'
}
unshoot() {
  next
  case $N in
    pulumi-acrn-*) e=$("$T" "$G/grubenv" unset next_entry 2>&1) && sy "$G/grubenv" && say cleared || failed "$e";;
    '') [ -z "$E" ] || "$T" "$G/grubenv" unset next_entry >/dev/null 2>&1; say cleared;;
    *) say "other $N";;
  esac
}
generate() {
  [ -z "$R" ] || { PULUMI_ACRN_ROOT=$R; export PULUMI_ACRN_ROOT; }
  if [ -z "$R" ] && [ "$G" ] && [ ! -h "$G/grub.cfg" ] && tool mkconfig; then
    w=$G/.pulumi-acrn.cfg
    rm -f "$w" "$w.new"
    "$T" -o "$w" && [ -s "$w" ] && chmod "$(stat -c %a "$G/grub.cfg")" "$w" && sy "$w" && mv -f "$w" "$G/grub.cfg" && sy "$G"
    q=$?
    rm -f "$w" "$w.new"
    return $q
  fi
  command -v update-grub >/dev/null 2>&1 || { echo 'there is neither update-grub nor grub-mkconfig'; return 1; }
  update-grub && [ "$G" ] && sy "$G/grub.cfg" "$G"
}
# says every few seconds that it is still at it: os-prober takes its time
refresh() {
  mkdir -p "$I" 2>/dev/null && : >"$I/.update-grub" || { failed "$I cannot be written"; return 1; }
  (
    s= k=0
    trap 'kill $s 2>/dev/null; exit' TERM
    while sleep 5 & s=$! && wait $s; do k=$((k+5)); say "beat $k"; done
  ) &
  p=$!
  (generate) </dev/null >"$I/.update-grub" 2>&1
  q=$?
  kill $p 2>/dev/null
  wait $p 2>/dev/null
  [ $q = 0 ] && say updated || failed "update-grub: $(cat "$I/.update-grub")"
  rm -f "$I/.update-grub"
  rmdir "$I" 2>/dev/null
  return $q
}
menu() {
  [ "$G" ] || { failed 'there is no /boot/grub/grub.cfg'; return; }
  say "menu \${G#"$R"}/grub.cfg"
  gzip -c "$G/grub.cfg" | base64 | sed 's/^/| /'
}
`;
