import { sh } from "./sh";

/**
 * What all parts of a commit share. X is tx/ID; X/entries has a line a file: `number how before mode after size offset path/`, `absent`
 * for a hash where there is no file (the slash keeps a blank at the path's end).
 *
 * `step` writes the journal, `each` runs a function for each entry, `place` tells where an entry's file is: E the file, d its directory, c its name, h our hidden
 * directory beside it. An entry's path was free of links when it was agreed on; where it leads elsewhere now, it is not the same file. `now` also what is there: H, its hash.
 *
 * Only root may write to the hidden directory, and it cannot be moved out of d (rename(2) of a directory to another parent needs write
 * permission on it). So from inside it `new`, `old` and `../name` are what they seem, whoever may write to d; a path from the root would be a
 * different one each time that it is walked. `lay` puts one of its files in the place of `../name`: rename(2) replaces a name and follows nothing.
 *
 * Empty files are made with `true`, never with `:`, here and in the other parts: where a special builtin cannot be redirected, the shell
 * itself ends (POSIX XCU 2.8.1), and with it the way back.
 */
export const ENTRIES = (hook: string) => sh`
mvt=-
step() {
  say "$1" >>"$D/journal" && sy "$D/journal" || return 1
  ${hook}
  return 0
}
each() {
  [ -s "$X/$2" ] || { say "$X/$2 is not there"; return 1; }
  while IFS=' ' read -r i how b m a z o p; do
    p=\${p%/}
    $1 || { cd /; say "@$p"; return 1; }
    cd /
  done <"$X/$2"
}
sum() {
  H=$(sha256sum <"$1")
  H=\${H%% *}
}
place() {
  E= d=$X/none c=none hid=none h=$X/none/none
  res "$p" && [ "$P" = "$p" ] || return 1
  E=$R$P d=$R\${P%/*} c=\${P##*/} hid=.pulumi-acrn.$id.$i
  h=$d/$hid
}
now() {
  H=other
  place || return 0
  if [ -f "$E" ]; then
    sum "$E"
  elif [ ! -e "$E" ] && [ ! -h "$E" ]; then
    H=absent
  fi
}
# cd -P sets PWD to where it really came to
into() { cd -P "$d/" 2>/dev/null && [ "$PWD" = "\${d:-/}" ]; }
enter() { into && cd -P "$hid" 2>/dev/null && [ "$PWD" = "$h" ] && [ -O . ]; }
# Without -T, mv(1) would move into a directory that stands there, also through a link.
lay() {
  if [ $mvt = - ]; then
    mvt=-T
    case $(mv -T "$X/none" "$X/none.t" 2>&1) in *nvalid*|*nrecognized*|*llegal*) mvt=;; esac
  fi
  if [ -d "../$c" ] && { [ -z "$mvt" ] || [ ! -h "../$c" ]; }; then
    say "$E is a directory"
    return 1
  fi
  mv -f $mvt "$1" "../$c"
}
# Synced: once the result is on the disk nobody comes for it again. Where it was made, also when the path leads elsewhere by now.
clean() {
  place
  [ ! -s "$X/hid.$i" ] || { IFS= read -r h <"$X/hid.$i"; h=$R$h; d=\${h%/*} hid=\${h##*/}; }
  enter || return 0
  rm -f new old alt probe probe.l
  cd -P .. && [ "$PWD" = "\${d:-/}" ] && rmdir "$hid" && sy "$d/"
  return 0
}
fill() {
  if [ -w "$1" ]; then
    cat "$2" >"$1"
  else
    q=$(stat -c %a "$1") && chmod u+w "$1" && cat "$2" >"$1" && chmod "$q" "$1"
  fi
}
same() {
  sum "$1"
  [ "$H" = "$2" ] && return 0
  say "$1: written bytes differ from those that were sent"
  return 1
}
foreign() {
  say 'changed by somebody else meanwhile'
  return 1
}
`;
