import { sh } from "./sh";

/**
 * How it ended: X/result, first line `done`, `changed` (nothing was touched: what it replaces is not what was read), `failed STEP` (before
 * `commit`, undone), `undone STEP` (after it, put back) or `torn STEP` (neither way worked: journal and backups stay, the next holder
 * of the lock tries again). The result is the conclusion: it is written before the journal goes, and backups go after it, so whoever finds a
 * journal without a result has all that it takes; where it cannot be written, they stay. Only the result outlives the transaction, for a client that asks (and the claim, for a unit that starts late). `bad` is set by what must not go unheard on a full disk.
 *
 * The journal's last word decides which way a dead runner's transaction goes: nothing yet, or a step before `commit`: undone; `commit`: forward;
 * `back`: back; `clean`: all is swapped, only the hidden directories are left. On a full disk the last two may be files, X/back and X/clean.
 */
export const END = sh`
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
    torn*) ;;
    *) each clean entries >/dev/null 2>&1;;
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
  (
    IFS=
    set +f
    for f in "$X"/*; do case $f in */result|*/claim) ;; *) rm -f "$f";; esac; done
  )
}
# Which way it goes from here on is on the disk before what only the other way needs is gone: where the journal takes no line any
# more, an empty file says it. Where that cannot be made either, both ways stay open.
turn() {
  rm -f "$X/wire" "$X/all"
  step "$1" || { true >"$X/$1" && sy "$X"; }
}
conclude() {
  # what was said when it could go neither way is the reason still
  e=\${RE-}
  # once on the way back, never forward again: what tells the way forward is not there any more
  case $1 in
    commit)
      hear each forward entries && { turn clean && result done ''; return; }
      turn back || return 1;;
    clean)
      result done ''
      return;;
  esac
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
    # Names too: a hidden directory that outlives a power cut must not outlive the entries that tell of it.
    [ $s != put_new ] || names || { result 'failed save' "$(full)"; return 1; }
    case $s in
      unpack) hear unpack;;
      *) hear each $s entries;;
    esac || { result "failed $s" "$e$n$(full)"; return 1; }
    [ $s != check ] || [ -z "$bad" ] || { result changed "$e"; return 1; }
    step $s || { result "failed $s" "journal$n$(full)"; return 1; }
  done
}
# Synced are bytes; POSIX promises a new file's directory entry only after fsync(2) of the directory.
names() { sy "$X" "$D/tx" "$D" "\${D%/*}"; }
# dash says no more than "I/O error" of a write that fails: and so does busybox head. cat(1) has the words of strerror(3).
full() { head -c 8192 /dev/zero | cat 2>&1 >"$D/.full"; rm -f "$D/.full"; }
`;
