import { HEAD, LIFE } from "./base";
import { POWER_END } from "./power-end";
import { POWER_LOCK } from "./power-lock";
import { minify, sh } from "./sh";

/**
 * What acts need on the machine itself: one session, one word a line in, answers out, each ended by `end WORD`. Nothing here decides; the client
 * has proved before what it asks for. `beat` says every few seconds that something is still awaited, so that a silent link is told from a
 * slow guest.
 *
 * - `take WHO`: the lock of activations (power-lock.ts): `taken`, `busy SECONDS WHO` with how long somebody else has had it, or `failed`; `doing WHAT`: told to others.
 * - `alive VM`: `dm PID START` for each acrn-dm of that name (its last argument, reference 1.5).
 * - `agrees VM PID START SECONDS`: its guest says that it goes (power-end.ts): `armed`, and an end by itself within that time is noted down as a launch's
 *   own record would, even where the client is gone by then. `agreed VM PID START`: whether it said so. `denies VM`: it did not.
 * - `gone PID START SECONDS [VM]`: `gone`, or `late` when that very process is still there; with VM, whose guest agreed before, also
 *   `killed`: it did not end by itself.
 * - `record VM`: what the launch recorded (/run/pulumi-acrn/vms/VM), and `left` for a socket that some acrn-dm of it left.
 * - `check PATH`: a launcher's own checks, which interrupt nothing: `status N` and what it said.
 * - `launch VM PATH SECONDS`: starts a launcher of ours; `up PID START`, or `down` with what it said.
 * - `hold`, `unhold`: launches of ours do nothing while /run/pulumi-acrn/hold is there; a boot begins without it.
 * - `mark VM`, `unmark VM`: that it goes off and is to come back; on the disk, so that whoever comes after a cut link or a power cut knows.
 *   `back`: takes the marks of those away that run and do not go, and says so: `back VM`.
 * - `boot`: this boot's id.
 * - `reboot`: asks for one, unless a real-time acrn-dm is there (`alive VM`) or launches are not held any more (`unheld`): looked for in the last moment.
 * - `ask VM`: asks ACRN's life_mngr to shut that VM down [misc/services/life_mngr/user_vm_shutdown.py].
 * - `do COMMAND [VM PID START SECONDS]`: a command of the user's own, `status N` and the end of what it said; with VM, status 0 is its guest's word that it goes.
 */
const POWER = sh`
D=$R/run/pulumi-acrn M=$R/var/lib/pulumi-acrn/cycling
${POWER_LOCK}
${POWER_END}
dms() {
  set +f
  for f in "$R"/proc/[0-9]*/cmdline; do
    case $(tr '\000' '\n' <"$f" 2>/dev/null) in
      acrn-dm$n*$n"$1"|*/acrn-dm$n*$n"$1") started "\${f%/cmdline}" && say "dm \${p##*/} $t";;
    esac
  done
  set -f
}
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
back() {
  set +f
  for f in "$M"/*; do
    v=\${f##*/}
    [ -f "$f" ] && [ ! -e "$A/$v" ] && [ "$(dms "$v")" ] && rm -f "$f" && say "back $v"
  done
  set -f
  rmdir "$M" 2>/dev/null
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
    [ $((k%5)) -ne 0 ] || say "beat $k" || exit 129
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
restart() {
  if [ -d "$R/run/systemd/system" ]; then systemctl reboot; else reboot; fi </dev/null >/dev/null 2>&1
}
while IFS= read -r x; do
  IFS=' '
  set -- $x
  IFS=$n
  release
  case \${1-} in
    take) take "$2";;
    doing) doing "$(plain "$2")";;
    alive) dms "$2";;
    agrees) agrees "$2" "$3" "$4" "$5" && say armed;;
    agreed) agreed "$2" "$3" "$4" && say agreed;;
    denies) denies "$2";;
    gone) gone "$2" "$3" "$4" "\${5-}";;
    record) IFS= read -r l 2>/dev/null <"$D/vms/$2" && say "record $l"; left "$2";;
    launch) launch "$2" "$3" "$4";;
    check)
      o=$(bash "$R$2" --check 2>&1 </dev/null)
      say "status $?"
      say "said $(printf %s "$o" | tail -n 3 | tr '\n' ' ')";;
    hold) mkdir -p "$D" && : >"$D/hold" && say held;;
    unhold) rm -f "$D/hold";;
    mark) mark "$2";;
    unmark) unmark "$2";;
    back) back;;
    boot) IFS= read -r l <"$R/proc/sys/kernel/random/boot_id" && say "boot $l";;
    ask) say "said $(ask "$2" 2>&1 | tr '\n' ' ')";;
    do)
      e=$(printf %s "$2" | base64 -d)
      o=$(sh -c "$e" 2>&1 </dev/null)
      q=$?
      [ $q != 0 ] || [ $# -lt 6 ] || agrees "$3" "$4" "$5" "$6"
      say "status $q"
      say "said $(printf %s "$o" | tail -n 3 | tr '\n' ' ')";;
    reboot)
      a=$(realtime)
      [ -e "$D/hold" ] || a=$a\${a:+$n}unheld
      if [ "$a" ]; then
        say "$a"
      else
        say rebooting
        sync
        if restart; then linger "$1"; else say refused; fi
      fi;;
    *) break;;
  esac
  say "end $1"
  [ -z "$held" ] || lease
done
`;

export function powerScript(): string {
  return minify([HEAD, LIFE, POWER].join("\n"));
}
