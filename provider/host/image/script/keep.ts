import { sh } from "../../scripts/sh";

/**
 * The switch, what goes, and what is there. I/promoted is the only switch: its first line is what boots by default after the next update-grub, those below are what
 * it was before, newest first. `retire` goes back to the packaged image before anything that boots today is taken away.
 */
export const KEEPING = sh`
P=$I/promoted
lines() { while IFS= read -r x; do id "$x" && say "$x"; done 2>/dev/null <"$P"; }
promote() {
  [ -s "$B/$1/acrn.bin" ] && [ -s "$B/$1/entry" ] || { failed "image $1 is not installed"; return; }
  l=$(lines | grep -vx "$1" | head -n 15)
  printf '%s\n' "$1" $l >"$P.new" && sy "$P.new" && mv -f "$P.new" "$P" && sy "$I" && say promoted || failed "$P cannot be written"
}
unpromote() { rm -f "$P" "$P.new" && { [ ! -d "$I" ] || sy "$I"; } && say unpromoted || failed "$P cannot be removed"; }
prune() {
  running
  next
  for z do
    id "$z" || continue
    if [ "$z" = "$U" ]; then say "kept $z it runs"
    elif [ "$z" = "$(lines | head -n 1)" ]; then say "kept $z it is promoted"
    else
      case $N in "pulumi-acrn-$z"|"pulumi-acrn-$z-kept") say "kept $z it is tried at the next boot"; continue;; esac
      if drop "$B/$z" && drop "$I/$z"; then say "pruned $z"; else failed "image $z cannot be removed"; fi
    fi
  done
  tidy "$B"
  tidy "$I"
}
# an image of which the launch scripts stay until it does not run any more
retire() {
  unpromote >/dev/null && unshoot >/dev/null || { failed "$P or grubenv cannot be written"; return; }
  if [ -d "$B" ]; then
    refresh || return
    for x in $(names "$B"); do drop "$B/$x" || { failed "$x cannot be removed"; return; }; done
    rmdir "$B" && sy "$R/boot"
    refresh || return
  fi
  for x in $(names "$I"); do
    if [ "$x" = "\${1-}" ]; then
      rm -f "$I/$x/image.json"
      for y in $(names "$I/$x"); do case $y in *.sh) ;; *) rm -rf "$I/$x/$y";; esac; done
      rmdir "$I/$x" 2>/dev/null || say "spared $x"
      continue
    fi
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
    if [ -s "$I/$x/image.json" ]; then say "staged $x"; else say "partial $x"; fi
  done
  for x in $(names "$B"); do
    id "$x" && [ -s "$B/$x/acrn.bin" ] && [ -s "$B/$x/entry" ] || continue
    y=
    [ -s "$B/$x/vmlinuz" ] && IFS= read -r y 2>/dev/null <"$B/$x/release"
    say "installed $x $(stat -c %Y "$B/$x/acrn.bin") \${y:--}"
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
