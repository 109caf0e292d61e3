import { HEAD } from "./base";
import { minify, sh } from "./sh";

/**
 * What acts need on the machine itself: one session, one word a line in, answers out, each ended by `end WORD`. Nothing here decides; the client
 * has proved before what it asks for. `beat` says every few seconds that something is still awaited, so that a silent link is told from a
 * slow guest.
 *
 * - `alive VM`: `dm PID START` for each acrn-dm of that name (its last argument, reference 1.5; START is field 22 of its stat, proc(5)).
 * - `gone PID START SECONDS [VM]`: `gone`, or `late` when that very process is still there. With VM its guest agreed before, so that an end of its own
 *   is a proof: it is noted down in the place and words of a launch's own record, even where the client is gone by then. `killed`: it did not end
 *   by itself. A killed acrn-dm leaves its socket [devicemodel/core/main.c vm_deinit_vdevs, monitor_close], and a launch of ours writes down its status.
 * - `record VM`: what the launch recorded (/run/pulumi-acrn/vms/VM), and `left` for a socket that some acrn-dm of it left.
 * - `check PATH`: a launcher's own checks, which interrupt nothing: `status N` and what it said.
 * - `launch VM PATH SECONDS`: starts a launcher of ours; `up PID START`, or `down` with what it said.
 * - `hold`, `unhold`: launches of ours do nothing while /run/pulumi-acrn/hold is there; a boot begins without it.
 * - `mark VM`, `unmark VM`: that it goes off and is to come back; on the disk, so that whoever comes after a cut link or a power cut knows.
 * - `boot`: this boot's id.
 * - `reboot`: asks for one, unless a real-time acrn-dm is there (`alive VM`) or launches are not held any more (`unheld`): looked for in the last moment.
 * - `ask VM`: asks ACRN's life_mngr to shut that VM down [misc/services/life_mngr/user_vm_shutdown.py].
 * - `do COMMAND`: a command of the user's own, `status N` and the end of what it said.
 */
const POWER = sh`
D=$R/run/pulumi-acrn M=$R/var/lib/pulumi-acrn/cycling
dms() {
  set +f
  for f in "$R"/proc/[0-9]*/cmdline; do
    case $(tr '\000' '\n' <"$f" 2>/dev/null) in
      acrn-dm$n*$n"$1"|*/acrn-dm$n*$n"$1") started "\${f%/cmdline}" && say "dm \${p##*/} $t";;
    esac
  done
  set -f
}
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
# a real-time VM of any name: up to 2.7 --lapic_pt alone makes one (reference 6.2)
realtime() {
  set +f
  for f in "$R"/proc/[0-9]*/cmdline; do
    c=$(tr '\000' '\n' <"$f" 2>/dev/null)
    case $c in
      acrn-dm$n*|*/acrn-dm$n*) case $c in *$n--rtvm$n*|*$n--lapic_pt$n*) say "alive \${c##*$n}";; esac;;
    esac
  done
  set -f
}
gone() {
  k=0 w=
  [ -z "\${4-}" ] || IFS= read -r w 2>/dev/null <"$D/vms/$4"
  # a client that is gone is no reason not to note the end down
  trap '' PIPE HUP
  while same "$1" "$2"; do
    [ $k -ge "$3" ] && { say late; return; }
    sleep 1
    k=$((k+1))
    [ $((k%5)) -ne 0 ] || say "beat $k"
  done
  if [ -z "\${4-}" ] || byitself "$4" "$1"; then say gone; else say killed; fi
}
byitself() {
  [ ! -e "$R/run/acrn/mngr/$1.monitor.$2.socket" ] || return 1
  # a launch of ours that wrote down the start writes down the end, a moment later
  k=0
  case $w in
    started*)
      while IFS= read -r l 2>/dev/null <"$D/vms/$1" && [ "$l" = "$w" ] && [ $k -lt 3 ]; do sleep 1; k=$((k+1)); done
      case $l in "$w") ;; ended*' 0') return 0;; *) return 1;; esac;;
  esac
  IFS= read -r l <"$R/proc/sys/kernel/random/boot_id" && mkdir -p "$D/vms" && say "ended $l 0" >"$D/.$1.$$" && mv -f "$D/.$1.$$" "$D/vms/$1"
  return 0
}
left() {
  set +f
  for f in "$R/run/acrn/mngr/$1.monitor."*; do [ -e "$f" ] && say left; done
  set -f
}
# in a session of its own, so that the end of ours does not reach it; the launcher makes a unit of its own where systemd runs
begin() {
  d=setsid
  command -v setsid >/dev/null 2>&1 || d=nohup
  $d bash "$R$1" </dev/null >"$2" 2>&1 &
}
launch() {
  mkdir -p "$D" && l=$D/launch.$1.log && : >"$l" || { say "down cannot write $D"; return; }
  begin "$2" "$l"
  k=0 b=
  while [ $k -lt "$3" ]; do
    sleep 1
    k=$((k+1))
    a=$(dms "$1")
    # one that ends in its first moments was refused by the hypervisor
    [ "$a" ] && [ "$a" = "$b" ] && { say "up \${a#dm }"; return; }
    b=$a
    [ $((k%5)) -ne 0 ] || say "beat $k"
  done
  say "down $(tail -n 5 "$l" | tr '\n' ' ')"
}
ask() {
  s=$R/var/lib/life_mngr/monitor.sock m=user_vm_shutdown:$1
  if command -v python3 >/dev/null 2>&1; then
    python3 -c 'import socket,sys
s=socket.socket(socket.AF_UNIX); s.settimeout(10); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode()); print(s.recv(1024).decode("ascii","replace"))' "$s" "$m"
  elif command -v socat >/dev/null 2>&1; then
    printf %s "$m" | socat -t 10 - "UNIX-CONNECT:$s"
  else
    echo 'neither python3 nor socat is there to ask it'
  fi
}
while IFS= read -r x; do
  IFS=' '
  set -- $x
  IFS=$n
  case \${1-} in
    alive) dms "$2";;
    gone) gone "$2" "$3" "$4" "\${5-}"; trap - PIPE HUP;;
    record) IFS= read -r l 2>/dev/null <"$D/vms/$2" && say "record $l"; left "$2";;
    launch) launch "$2" "$3" "$4";;
    check)
      o=$(bash "$R$2" --check 2>&1 </dev/null)
      say "status $?"
      say "said $(printf %s "$o" | tail -n 3 | tr '\n' ' ')";;
    hold) mkdir -p "$D" && : >"$D/hold" && say held;;
    unhold) rm -f "$D/hold";;
    mark) mkdir -p "$M" && : >"$M/$2" && sync "$M/$2" "$M" && say marked;;
    unmark) rm -f "$M/$2"; rmdir "$M" 2>/dev/null;;
    boot) IFS= read -r l <"$R/proc/sys/kernel/random/boot_id" && say "boot $l";;
    ask) say "said $(ask "$2" 2>&1 | tr '\n' ' ')";;
    do)
      e=$(printf %s "$2" | base64 -d)
      o=$(sh -c "$e" 2>&1 </dev/null)
      say "status $?"
      say "said $(printf %s "$o" | tail -n 3 | tr '\n' ' ')";;
    reboot)
      a=$(realtime)
      [ -e "$D/hold" ] || a=$a\${a:+$n}unheld
      if [ "$a" ]; then say "$a"; say "end $1"; continue; fi
      say rebooting
      sync
      if [ -d "$R/run/systemd/system" ]; then systemctl reboot; else reboot; fi </dev/null >/dev/null 2>&1 || say 'refused';;
    *) break;;
  esac
  say "end $1"
done
`;

export function powerScript(): string {
  return minify(`${HEAD}\n${POWER}`);
}
