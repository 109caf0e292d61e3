import { sh } from "./sh";

/** Seconds for which a client that says nothing keeps a lock. It decides in milliseconds; the rest is for a slow link. */
export const LEASE = 300;

/**
 * `try FILE` makes FILE a lock that holds who has it (`look`); T is a name of our own beside it, `own` who that is in words. It is made by link(2),
 * which either makes a whole file or fails, so it is never half written; after a power cut it may be empty, and then its owner is dead too. Returns
 * 0: ours, 1: a living owner's (G, O), 3: try again.
 *
 * A dead owner's lock is taken over by one contender only: whoever makes `FILE.<that owner>` in the same way may, after
 * looking again, rename its own over it. (Removing a stale lock and making a new one lets a second contender, who looked before, remove
 * the new one.) That file's maker may die as well: then the same again, one deeper.
 */
export const CLAIM = sh`
put() { printf '%s\n%s\n' "$me" "$own" >"$T"; }
try() {
  put 2>/dev/null || { rm -f "$T"; return 3; }
  ln "$T" "$1" 2>/dev/null && { rm -f "$T"; return 0; }
  rm -f "$T"
  [ -e "$1" ] || return 3
  look "$1"
  alive "$G" && return 1
  (
    w=$G q=3
    IFS=' '
    set -- "$1" $G
    IFS=$n
    v=$1.\${2-}-\${3-}-\${4-}
    try "$v" || exit 3
    look "$1"
    [ "$G" = "$w" ] && [ -e "$1" ] && put && mv -f "$T" "$1" && q=0
    rm -f "$v"
    exit $q
  )
}
`;

/** `lease` starts the time that is left to a silent client, `release` ends it; LW is empty at first. */
export const LEASING = sh`
# A client that died without a word holds the lock no longer than this: started anew with each thing that it says, and not while a runner
# works. First the polite way, which gives the lock back; a shell that waits for a command hears only the other, and the next one takes over.
lease() {
  release
  (
    k=0
    # the sleep of a watcher that is told to go must not outlive it
    s=
    trap 'kill $s 2>/dev/null; exit' TERM
    while sleep 5 & s=$! && wait $s; do
      alive "$me" || exit
      k=$((k+5))
      [ $k -lt ${LEASE} ] || break
    done
    kill $$
    sleep 5
    alive "$me" && kill -9 $$
  ) </dev/null >/dev/null 2>&1 &
  LW=$!
}
release() {
  [ -z "$LW" ] || kill "$LW" 2>/dev/null
  LW=
}
`;
