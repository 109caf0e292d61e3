import { sh } from "./sh";
import { SWAP } from "./swap";

/**
 * The steps of a commit, for the runner and for whoever must finish or undo what a dead runner left. X is tx/ID; X/entries has a
 * line a file: `number how before mode after size offset path`, `absent` for a hash where there is no file.
 *
 * Everything up to the journal's line `commit` can be undone by removing the hidden new files; everything after it can be finished from
 * X/entries and those files alone, any number of times: a file whose hash is `after` is done, one whose hash is `before` is
 * not, and one that is neither was half overwritten in place (X/torn.N says so) or changed by somebody else.
 */
const ENTRIES = (hook: string) => sh`
step() {
  say "$1" >>"$D/journal" && sy "$D/journal" || return 1
  ${hook}
  return 0
}
each() {
  [ -s "$X/$2" ] || { say "$X/$2 is not there"; return 1; }
  while IFS=' ' read -r i how b m a z o p; do
    $1 || { say "@$p"; return 1; }
  done <"$X/$2"
}
now() {
  H=other E=
  res "$p" || return 0
  E=$R$P h=$R\${P%/*}/.pulumi-acrn.$id.$i
  if [ -f "$E" ]; then
    H=$(sha256sum <"$E")
    H=\${H%% *}
  elif [ ! -e "$E" ]; then
    H=absent
  fi
}
`;

/** Before `commit`: unpack and check what was sent, compare with what is there, back up, write the new files beside the old. */
const PREPARE = sh`
unpack() {
  base64 -d <"$X/wire" | gzip -dc >"$X/all" && head -c "$(cat "$X/size")" "$X/all" >"$X/entries.t" || return 1
  # the way back is laid now: when it is needed, the disk may be full
  sort -rn "$X/entries.t" >"$X/reverse" && mv -f "$X/entries.t" "$X/entries" && sy "$X/entries" "$X/reverse" || return 1
  each take entries
}
take() {
  [ "$a" = absent ] && return 0
  tail -c +$((o+1)) "$X/all" | head -c "$z" >"$X/new.$i" || return 1
  same "$X/new.$i" && sy "$X/new.$i"
}
same() {
  H=$(sha256sum <"$1")
  [ "\${H%% *}" = "$a" ] && return 0
  say "$1: written bytes differ from those that were sent"
  return 1
}
check() {
  now
  [ "$H" = "$b" ] || { bad=1; say "$p"; }
}
save() {
  [ "$b" = absent ] && return 0
  now
  cp -a "$E" "$X/old.$i" && sy "$X/old.$i"
}
# A copy first, then its bytes: so mode, owner, ACL and label of the old file stay.
put_new() {
  [ "$a" = absent ] && return 0
  now
  mk "\${P%/*}" || return 1
  [ "$how" = rename ] || return 0
  if [ "$b" = absent ]; then
    (umask 077; cat "$X/new.$i" >"$h") && chmod "$m" "$h"
  else
    cp -a "$E" "$h" && fill "$h"
  fi && same "$h" && sy "$h" "\${h%/*}"
}
fill() {
  if [ -w "$1" ]; then
    cat "$X/new.$i" >"$1"
  else
    q=$(stat -c %a "$1") && chmod u+w "$1" && cat "$X/new.$i" >"$1" && chmod "$q" "$1"
  fi
}
undo() {
  res "$p" || return 0
  rm -f "$R\${P%/*}/.pulumi-acrn.$id.$i"
}
`;

/**
 * How it ended: X/result, first line `done`, `changed` (nothing was touched: what it replaces is not what was read), `failed STEP` (before
 * `commit`, undone), `undone STEP` (after it, put back) or `torn STEP` (neither way worked: journal and backups stay, the next holder
 * of the lock tries again). The result is the conclusion: it is written before the journal goes, and backups go after it, so whoever finds a
 * journal without a result has all that it takes; where it cannot be written, they stay. `bad` is set by what must not go unheard on a full disk.
 */
const END = sh`
# No subshell: one that outlives a killed runner would go on beside whoever recovers. Overwritten in place, so that a full
# disk can still be heard.
hear() {
  printf '%4096s' '' >"$X/said"
  "$@" 1<>"$X/said" 2>&1
  q=$?
  e=$(sed 's/ *$//' "$X/said")
  return $q
}
result() {
  rm -f "$X/wire" "$X/all"
  case $1 in
    torn*|done) ;;
    *) each undo entries >/dev/null 2>&1;;
  esac
  prune
  printf '%s\n%s\n' "$1" "$2" >"$X/result.t" && mv -f "$X/result.t" "$X/result" && sy "$X/result" "$X" || return 1
  step "$1"
  case $1 in torn*) return 0;; esac
  over
}
over() {
  rm -f "$D/journal"
  sy "$D"
  (IFS=; set +f; rm -f "$X"/new.* "$X"/old.* "$X"/torn.* "$X"/did.* "$X/said")
}
conclude() {
  e=
  # once on the way back, never forward again: the hidden files are no evidence any more
  if [ "$1" = commit ]; then
    hear each forward entries && { result done ''; return; }
    step back
  fi
  f=$e bad=
  if hear each back reverse && [ -z "$bad" ]; then
    result 'undone swap' "$f"
  else
    result 'torn swap' "$f$n$e"
  fi
}
prepare() {
  bad=
  for s in unpack check save put_new; do
    case $s in
      unpack) hear unpack;;
      *) hear each $s entries;;
    esac || { result "failed $s" "$e"; return 1; }
    [ $s != check ] || [ -z "$bad" ] || { result changed "$e"; return 1; }
    step $s || { result "failed $s" "journal"; return 1; }
  done
}
`;

/** Functions shared by the runner and by recovery. `hook`: shell text for tests, after each step, whose name is `$1`. */
export const commitText = (hook: string): string => [ENTRIES(hook), PREPARE, SWAP, END].join("\n");
