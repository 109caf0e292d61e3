import { CLAIM, LEASING } from "./claim";
import { sh } from "./sh";

export { LEASE } from "./claim";

/**
 * The lock D/lock (claim.ts) for a transaction.
 *
 * A detached runner (see runner.ts) writes its name into tx/ID/runner *before* it looks whether the lock is still its starter's; whoever gets
 * the lock looks for live runners *after* that. So one of the two always sees the other, and they never both go on.
 */
export const LOCK = sh`
T=$D/.lock.$$
X=$D held= LW=
${CLAIM}
attempt() {
  mk "$V" || return 3
  try "$D/lock"
}
# TEST NAME: whether TEST holds for a D/tx/ID/NAME, which is f then
one() {
  j=$1
  IFS=
  set +f
  set -- "$D"/tx/*/"$2"
  set -f
  IFS=$n
  for f do $j "$f" && return 0; done
  return 1
}
runs() { look "$1" && alive "$G"; }
live() { one runs runner; }
# Whether no runner of ours can come any more: without the claim it does nothing. One that has it and not said its name yet may still
# find the lock ours: then nothing may be touched, not even the lock, which is stale as soon as we are gone.
barred() { [ ! -e "$X/size" ] || mkdir "$X/claim" 2>/dev/null || [ ! -e "$X/claim" ] || [ -e "$X/runner" ]; }
remember() {
  [ "$1" ] && printf %s "$1" 2>/dev/null >>"$D/dirs"
}
# A link can die without a word: its end here waits for hours for a client that is back already, and says that it is the same. The
# second time it did not listen (a write that nobody takes holds a shell up). A runner goes on, and is waited for.
oust() {
  [ "$past" ] && [ "$G" = "$past" ] || return 0
  x=\${G#* }
  kill \${k9-} "\${x%% *}" 2>/dev/null
  k9=-9
}
${LEASING}
busy() {
  say "busy $1"
  IFS= read -r x && [ "$x" = again ] || { remember "$M"; exit 1; }
}
forgo() {
  r=
  for x in $M; do r=$x$n$r; done
  rmdir "$D" 2>/dev/null
  for x in $r; do rmdir "$R$x" 2>/dev/null; done
}
lock() {
  z=0 M=
  while :; do
    attempt
    case $? in
      0)
        held=1
        remember "$M"
        while live; do lease; busy 'a transaction that goes on without its link'; done
        release
        return 0;;
      1) z=0; oust; busy "$O";;
      *) z=$((z+1)); [ $z -lt 100 ] || { forgo; say "error lock.failed $V"; exit 1; };;
    esac
  done
}
`;

/**
 * Gives the lock back and takes our folder away when nothing of ours is left in it, with those parents that we made. While a runner
 * lives the lock stays: it is what keeps others out, and is seen to be stale once the runner is gone.
 */
export const UNLOCK = sh`
bare() {
  y=$1
  IFS=
  set +f
  set -- "$D"/* "$D"/.[!.]*
  set -f
  IFS=$n
  for f do
    case \${f#"$D/"} in
      lock|dirs|.lock.*) ;;
      tx) $y || return 1;;
      *) [ -e "$f" ] && return 1;;
    esac
  done
  return 0
}
# What a kill left beside the lock. Under it nobody else needs these: a living contender makes his anew, and a take-over
# that is past its last look excludes that we hold the lock.
tidy() {
  (IFS=; set +f; rm -f "$D"/.lock.* "$D"/lock.* "$D/dirs.t" "$D/.full")
}
empty() {
  r= q=
  if [ -f "$D/dirs" ]; then
    while IFS= read -r x; do r=$x$n$r; done <"$D/dirs"
    rm -f "$D/dirs"
  fi
  rm -f "$D/lock"
  rmdir "$D" 2>/dev/null || return 1
  for x in $r; do
    rmdir "$R$x" 2>/dev/null || case $V in "$x"/*) [ -d "$R$x" ] && q=$x$n$q;; esac
  done
  r=$q
  [ -z "$r" ]
}
# A subshell that is killed before it has dropped the traps that it was born with comes here too: $$ is not its own pid then.
unlock() {
  IFS=' ' read -r y x </proc/self/stat
  [ "$y" = $$ ] || return 0
  release
  [ "$held" ] || return 0
  held=
  barred || return 0
  live && return 0
  look "$D/lock"
  [ "$G" = "$me" ] || return 0
  tidy
  [ -e "$D/journal" ] || prune
  # results that nobody fetched do not outlive the rest
  bare true && rm -rf "$D/tx"
  rmdir "$D/tx" 2>/dev/null
  z=0
  while bare false; do
    empty && return 0
    # Somebody came meanwhile, and directories above ours are still there: only under the lock can that be told. (Or they hold
    # things of others by now; then this ends.)
    M=$r z=$((z+5))
    [ $z -lt 200 ] || { remember "$M"; return 0; }
    until attempt; do
      z=$((z+1))
      [ $z -lt 200 ] || { remember "$M"; return 0; }
      sleep 0.1 2>/dev/null || sleep 1
    done
    if [ $z -lt 100 ]; then remember "$M"; else M=; fi
    tidy
  done
  rm -f "$D/lock"
}
trap unlock EXIT
trap 'exit 129' HUP INT TERM PIPE
`;
