import { sh } from "../../scripts/sh";

/**
 * A staged image grows in a folder of this session alone and becomes I/ID at once. Contents come on stdin behind their word, as base64 of gzip: what does not arrive
 * whole ends the session, because nobody could tell any more where the next word begins. F: what has come, a line `SHA NAME` each, which is looked at once more
 * before the folder gets its name, and stays beside the image as `sums`. Launch scripts that were kept for the image before it was staged come along.
 */
export const STAGE = sh`
stage() {
  [ ! -e "$I/$1/image.json" ] || { say there; return; }
  w=$I/.$1.$own.new F=
  tidy "$I"
  e=$({ rm -rf "$w" && mkdir -p "$w"; } 2>&1) && sy "$I" "\${I%/*}" && say staging || failed "$e"
}
file() {
  f=$I/.$1.$own.new/$2
  case $2 in */*) mkdir -p "\${f%/*}" 2>/dev/null;; esac
  { head -c "$5" | base64 -d | gzip -dc >"$f"; } 2>/dev/null
  hash "$f"
  if [ "$H" = "$4" ] && [ "$(size "$f")" = "$3" ] && sy "$f"; then F="$F$4 $2$n"; say taken; return; fi
  e=$(head -c 8192 /dev/zero | cat 2>&1 >"$I/.full")
  rm -f "$I/.full"
  failed "$2 did not arrive whole. $e"
  say "end file"
  exit 1
}
# ID COUNT
finish() {
  w=$I/.$1.$own.new k=0
  [ ! -e "$I/$1/image.json" ] || { rm -rf "$w"; say there; return; }
  [ -s "$w/image.json" ] || { failed "image $1 has no image.json"; return; }
  for x in $F; do
    hash "$w/\${x#* }"
    [ "$H" = "\${x%% *}" ] || { failed "\${x#* } is not there as it came"; return; }
    k=$((k+1))
  done
  [ $k = "$2" ] || { failed "of image $1 came $k files, not $2"; return; }
  printf %s "$F" >"$w/sums" && sy "$w/sums" || { failed "$w cannot be written"; return; }
  [ ! -d "$w/configs" ] || sy "$w/configs"
  if [ -d "$I/$1" ]; then
    for x in $(names "$I/$1"); do
      case $x in *.sh) cp -p "$I/$1/$x" "$w/$x" && sy "$w/$x" || { failed "$x cannot be kept"; return; };; esac
    done
    sy "$w" && rm -rf "$I/.$1.old" && mv "$I/$1" "$I/.$1.old"
  fi
  sy "$w" && mv "$w" "$I/$1" && sy "$I" || { failed "image $1 cannot be renamed"; return; }
  # mv(1) puts it into a folder that somebody else was faster with
  x=$I/$1/\${w##*/}
  if [ -d "$x" ]; then rm -rf "$x"; say there; else say staged; fi
  rm -rf "$I/.$1.old"
}
`;
