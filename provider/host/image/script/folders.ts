import { BOOT_IMAGES, IMAGES } from "../../../core/acrn/image/paths";
import { sh } from "../../scripts/sh";

/**
 * I: staged images, J: installed ones; ids are 16 hex digits. A folder comes and goes by one rename, and whatever a power cut leaves has a name with a dot
 * in front, which nobody takes for an image. One that a session fills for minutes is called after that session (`own`), and nobody else takes it away while that
 * lives. `lay` puts one file in place of another in the same way. A name is on the disk with its folder's fsync (fsync(2)).
 */
export const FOLDERS = sh`
I=$R${IMAGES} J=$R${BOOT_IMAGES} own=$B.$$.$S
failed() { say "failed $(printf %s "$1" | tail -n 3 | tr '\n' ' ')"; return 1; }
id() { case $1 in *[!0-9a-f]*) return 1;; ????????????????) return 0;; *) return 1;; esac; }
sy() {
  l=$(sync "$@" 2>&1) && return 0
  case $l in *'nput/output error'*|*'No space left'*|*uota*) say "$l" >&2; return 1;; esac
  sync
}
hash() { H=; [ ! -f "$1" ] || H=$(sha256sum 2>/dev/null <"$1"); H=\${H%% *}; }
alike() {
  [ -f "$1" ] && [ -f "$2" ] && hash "$1" || return 1
  h=$H
  hash "$2" && [ "$h" = "$H" ]
}
lay() {
  rm -f "$2.new" && cp "$1" "$2.new" 2>/dev/null && chmod 644 "$2.new" && sy "$2.new" && alike "$1" "$2.new" || { rm -f "$2.new"; return 1; }
  mv -f "$2.new" "$2" && sy "\${2%/*}"
}
drop() {
  [ -e "$1" ] || return 0
  g=\${1%/*}/.\${1##*/}.gone
  rm -rf "$g" && mv "$1" "$g" && sy "\${1%/*}" && rm -rf "$g"
}
# every NAME in FOLDER, one a line
names() {
  [ -d "$1" ] || return 0
  ls -A "$1"
}
tidy() {
  for x in $(names "$1"); do
    case $x in
      .*.*.*.*.new) (IFS=.; set -- $x; IFS=$n; alive "$3 $4 $5") || rm -rf "$1/$x";;
      .*.new|.*.gone|.*.old) rm -rf "$1/$x";;
    esac
  done
}
size() { stat -c %s "$1" 2>/dev/null || say 0; }
# KiB that are left where FOLDER lies
room() { df -P -k "$1" 2>/dev/null | sed -n '$s/.* \([0-9][0-9]*\)  *[0-9-]*%* .*/\1/p'; }
`;
