import { CLAIM, LEASING } from "./claim";
import { sh } from "./sh";

/** Seconds for which the lock outlives the word to reboot: until then the machine is gone, or it does not go. */
const REBOOTING = 600;

/**
 * One activation at a time. The lock (claim.ts) is below /run, so that it dies with the boot, and belongs to the shell that serves one client: it goes
 * with that shell, however it ends, and what the shell starts (a launcher, the watcher of a guest) does not hold it. Its second line is
 * `UPTIME WHO`, with what the client says that it does: seconds since boot, because clocks are set.
 */
export const POWER_LOCK = sh`
L=$D/activation T=$D/activation/.lock.$$
own= held= LW= who= u=0
${CLAIM}
${LEASING}
now() {
  N=0
  IFS=' .' read -r N x 2>/dev/null </proc/uptime
}
plain() { printf %s "$1" | base64 -d | tr '\001-\037' ' '; }
take() {
  [ -z "$held" ] || { say taken; return; }
  who=$(plain "$1")
  now
  u=$N own="$N $who"
  mkdir -p "$L" 2>/dev/null
  try "$L/lock"
  case $? in
    0) held=1; say taken;;
    1)
      x=\${O%% *}
      case $x in ''|*[!0-9]*) x=$N;; esac
      say "busy $((N-x)) \${O#* }";;
    # somebody else was faster, or nothing can be written there
    *) say failed;;
  esac
}
# the lock stays ours all the while: it is replaced whole, by who has it
doing() {
  [ "$held" ] || return 0
  own="$u $who, $1"
  put && mv -f "$T" "$L/lock"
}
# A subshell that is killed before it has dropped the traps that it was born with comes here too: $$ is not its own pid then.
unlock() {
  IFS=' ' read -r y x </proc/self/stat
  [ "$y" = $$ ] || return 0
  release
  [ "$held" ] || return 0
  held=
  look "$L/lock"
  [ "$G" = "$me" ] || return 0
  # what a kill left beside it: see tidy in lock.ts
  (IFS=; set +f; rm -f "$L"/.lock.* "$L"/lock.*)
  rm -f "$L/lock"
  rmdir "$L" 2>/dev/null
}
# Between the word and the end of this shell nobody else may start a VM, whether our client is still there or not.
linger() {
  [ "$held" ] || return 0
  doing 'the machine was told to reboot'
  say "end $1"
  trap '' PIPE HUP
  k=0
  while [ $k -lt ${REBOOTING} ]; do sleep 1; k=$((k+1)); done
  exit 0
}
traps() { trap 'exit 129' HUP INT TERM PIPE; }
trap unlock EXIT
traps
`;
