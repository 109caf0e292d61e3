import { sh } from "./sh";

/**
 * How acrn-dm ends. A name of one is its pid and START, field 22 of its stat, proc(5).
 *
 * That a guest agreed to go (A/VM: `PID START`) is noted down before it is told to, and somebody watches that very acrn-dm from then on who is neither
 * the client nor bound to it: so that its end is a proof whatever becomes of the client. It does not hold the lock, and nothing waits for it.
 * A guest that says no after all takes the note away (`denies`), and the watcher goes. When the seconds that it was given are over, its end is no
 * proof any more, because somebody may have helped; after as many again it is a VM that runs, and not one that is to come back.
 */
export const POWER_END = sh`
A=$D/agreed
started() {
  p=$1 t=
  IFS= read -r t 2>/dev/null <"$p/stat" || return 1
  t=\${t##*) }
  IFS=' '
  set -- $t
  IFS=$n
  [ $# -ge 20 ] || return 1
  shift 19
  t=$1
}
same() { started "$R/proc/$1" && [ "$t" = "$2" ]; }
# VM PID START
agreed() { IFS= read -r l 2>/dev/null <"$A/$1" && [ "$l" = "$2 $3" ]; }
# VM PID START SECONDS
agrees() {
  mkdir -p "$A" && say "$2 $3" >"$A/.$1.$$" && mv -f "$A/.$1.$$" "$A/$1" || return 1
  # as of now: the watcher may begin late
  m=
  IFS= read -r m 2>/dev/null <"$M/$1"
  (
    trap '' PIPE HUP
    z=w k=0
    before "$1"
    while same "$2" "$3"; do
      if [ $k -lt "$4" ]; then
        agreed "$1" "$2" "$3" || exit
      elif [ $k = "$4" ]; then
        denies "$1"
      else
        # asked anew, and so watched anew
        [ ! -e "$A/$1" ] || exit
        [ $k -lt $(($4+$4)) ] || { IFS= read -r l 2>/dev/null <"$M/$1" && [ "$l" = "$m" ] && unmark "$1"; exit; }
      fi
      sleep 1
      k=$((k+1))
    done
    agreed "$1" "$2" "$3" && byitself "$1" "$2"
    denies "$1"
  ) </dev/null >/dev/null 2>&1 &
}
# M/VM: it goes off and is to come back; with something that no other mark has
mark() {
  now
  mkdir -p "$M" && say "$$ $N" >"$M/$1" && sync "$M/$1" "$M" && say marked
}
unmark() { rm -f "$M/$1"; rmdir "$M" 2>/dev/null; }
denies() { rm -f "$A/$1"; rmdir "$A" 2>/dev/null; }
before() { w=; IFS= read -r w 2>/dev/null <"$D/vms/$1"; }
# PID START SECONDS VM
gone() {
  k=0 z=g w=
  [ -z "$4" ] || before "$4"
  while same "$1" "$2"; do
    [ $k -ge "$3" ] && { say late; return; }
    sleep 1
    k=$((k+1))
    # a client that is gone waits for nothing
    [ $((k%5)) -ne 0 ] || say "beat $k" || exit 129
  done
  if [ -z "$4" ] || byitself "$4" "$1"; then say gone; else say killed; fi
}
# A killed acrn-dm leaves its socket [devicemodel/core/main.c vm_deinit_vdevs, monitor_close].
byitself() {
  [ ! -e "$R/run/acrn/mngr/$1.monitor.$2.socket" ] || return 1
  # a launch of ours that wrote down the start writes down the end, a moment later
  k=0
  case $w in
    started*)
      while IFS= read -r l 2>/dev/null <"$D/vms/$1" && [ "$l" = "$w" ] && [ $k -lt 3 ]; do sleep 1; k=$((k+1)); done
      case $l in "$w") ;; ended*' 0') return 0;; *) return 1;; esac;;
  esac
  # z: the watcher and the shell of a client that is still there write it both
  IFS= read -r l <"$R/proc/sys/kernel/random/boot_id" && mkdir -p "$D/vms" && say "ended $l 0" >"$D/.$z.$1.$$" && mv -f "$D/.$z.$1.$$" "$D/vms/$1"
  return 0
}
left() {
  set +f
  for f in "$R/run/acrn/mngr/$1.monitor."*; do [ -e "$f" ] && say left; done
  set -f
}
`;
