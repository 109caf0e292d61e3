import { sh } from "../../scripts/sh";

/**
 * The switch, what goes, and what is there. I/promoted is the only switch: its first line is what boots by default after the next update-grub, those below are what
 * it was before, newest first. Its time tells whether GRUB's menu was made since (core/acrn/image/default.ts), so what is taken back is that very file again, with
 * its time (O), and a line that no menu was made for never was the default. `withdraw` makes the packaged image the default again; `retire` takes away what is
 * nobody's default then. Of an image that runs, the launch scripts go to /run, where acrnd's entry finds them too (core/acrn/launch/autostart.ts): the boot that ends the image takes them along.
 */
export const KEEPING = sh`
P=$I/promoted O=$I/.promoted.before
lines() { while IFS= read -r x; do id "$x" && say "$x"; done 2>/dev/null <"$P"; }
promote() {
  [ -s "$J/$1/acrn.bin" ] && [ -s "$J/$1/entry" ] || { failed "image $1 is not installed"; return; }
  l=$(lines)
  [ ! "$G" ] || [ ! "$P" -nt "$G/grub.cfg" ] || l=$(say "$l" | sed 1d)
  l=$(say "$l" | grep -vx "$1" | head -n 15)
  rm -f "$O" && { [ ! -e "$P" ] || cp -p "$P" "$O"; } || { failed "$O cannot be written"; return; }
  printf '%s\n' "$1" $l >"$P.new" && sy "$P.new" && mv -f "$P.new" "$P" && sy "$I" && say promoted || failed "$P cannot be written"
}
# as it was before the last promotion or withdrawal
back() {
  rm -f "$P.new"
  if [ -e "$O" ]; then sy "$O" && mv -f "$O" "$P"; else rm -f "$P"; fi && { [ ! -d "$I" ] || sy "$I"; }
}
unpromote() { back && say unpromoted || failed "$P cannot be put back"; }
prune() {
  running
  next
  for z do
    id "$z" || continue
    if [ "$z" = "$U" ]; then say "kept $z it runs"
    elif [ "$z" = "$(lines | head -n 1)" ]; then say "kept $z it is promoted"
    else
      case $N in "pulumi-acrn-$z"|"pulumi-acrn-$z-kept") say "kept $z it is tried at the next boot"; continue;; esac
      if drop "$J/$z" && drop "$I/$z"; then say "pruned $z"; else failed "image $z cannot be removed"; fi
    fi
  done
  tidy "$J"
  tidy "$I"
}
withdraw() {
  rm -f "$P.new"
  [ ! -e "$P" ] || mv -f "$P" "$O" || { failed "$P cannot be removed"; return; }
  [ ! -d "$I" ] || sy "$I" || { back; failed "$I cannot be synced"; return; }
  x=$(unshoot) || { back; say "$x"; return; }
  # without both nothing of ours can be in a menu
  [ -d "$J" ] && [ "$G" ] || { say withdrawn; return; }
  refresh || { back; return; }
  x=
  ! tool editenv || x=$("$T" "$G/grubenv" list 2>/dev/null | sed -n 's/^saved_entry=//p')
  say "withdrawn saved $x"
}
listed() { [ "$G" ] && grep -q '[^a-z/]pulumi-acrn-[0-9a-f]' "$G/grub.cfg"; }
# RUNNING
retire() {
  [ ! -s "$P" ] || { failed "$P names an image that boots by default"; return; }
  for x in $(names "$J"); do drop "$J/$x" || { failed "$x cannot be removed"; return; }; done
  [ ! -d "$J" ] || { rmdir "$J" && sy "$R/boot"; }
  ! listed || refresh || return
  z=\${1-} w=$R/run/pulumi-acrn/images/\${1-}
  [ -z "$z" ] || for x in $(names "$I/$z"); do
    case $x in *.sh) mkdir -p "$w" && cp "$I/$z/$x" "$w/$x" || { failed "$x cannot be kept in /run"; return; };; esac
  done
  for x in $(names "$I"); do
    case $x in
      wanted) ;;
      .*) rm -rf "$I/$x";;
      *) id "$x" && drop "$I/$x";;
    esac
  done
  rmdir "$I" "\${I%/*}" 2>/dev/null
  say retired
}
state() {
  for x in $(names "$I"); do
    id "$x" || continue
    if [ -s "$I/$x/image.json" ]; then say "staged $x $(stat -c %Y "$I/$x/image.json")"; else say "partial $x"; fi
  done
  for x in $(names "$J"); do
    id "$x" && [ -s "$J/$x/acrn.bin" ] && [ -s "$J/$x/entry" ] || continue
    y=
    [ -s "$J/$x/vmlinuz" ] && IFS= read -r y 2>/dev/null <"$J/$x/release"
    say "installed $x $(stat -c %Y "$J/$x/acrn.bin") \${y:--}"
  done
  for x in $(lines); do say "promoted $x"; done
  running
  [ -z "$U" ] || say "running $U"
  next
  [ -z "$N" ] || say "next $N"
  x=$(room "$R/boot")
  [ -z "$x" ] || say "free $((x*1024))"
}
`;
