import { TRIAL_ARMED, TRIAL_MARKER } from "../../core/kernel/trial/armed";
import { TRIAL_DROP_IN_PATH, TRIAL_UNIT, TRIAL_UNIT_PATH } from "../../core/kernel/trial/watch";
import { HEAD, RESOLVE } from "./base";
import { minify, sh } from "./sh";

/**
 * GRUB's one-shot entry. E: grubenv, N: its `next_entry`, which GRUB leaves without a value once it has taken it. `forget` takes ours away, and somebody else's not.
 * Both names of the tools may be there, so the folder tells which is meant.
 */
const ONE_SHOT = sh`
sy() { sync "$@" 2>/dev/null || sync; }
grubenv() {
  E= N=
  if [ "$1" != - ]; then
    res "$1" && E=$R$P
  else
    for x in /boot/grub2/grubenv /boot/grub/grubenv; do res "$x" && [ -f "$R$P" ] && E=$R$P; done
  fi
  [ -f "$E" ] && N=$(sed -n 's/^next_entry=//p' "$E" | tail -n 1)
}
forget() {
  grubenv "$1" || return 0
  case $N in
    pulumi-acrn-trial-*) ;;
    '') grep -q '^next_entry=' "$E" || return 0;;
    *) return 0;;
  esac
  T=grub-editenv t=grub2-editenv
  case $1 in */grub2/*) T=grub2-editenv t=grub-editenv;; esac
  command -v "$T" >/dev/null 2>&1 || T=$t
  o=$("$T" "$E" unset next_entry 2>&1 </dev/null)
  grubenv "$1"
  case $N in pulumi-acrn-trial-*) o="grubenv still says next_entry=$N: $o"; return 1;; esac
  sy "$E"
}
`;

/**
 * Who has the marker decides whether this boot ends, and a rename decides who has it: the watch (core/kernel/trial/watch.ts) removes it before it goes. `take` fails where the watch was first;
 * what was taken stands beside it until the watch has ended, so that the same word again after a cut link is told from a watch that goes.
 */
const MARKER = sh`
W=$R${TRIAL_ARMED}
armed() { I= S= K= x=; IFS=' ' read -r I S K x 2>/dev/null <"$W"; [ "$I" ]; }
line() { L=; IFS= read -r L 2>/dev/null <"$R/proc/cmdline"; }
watched() { case $(systemctl is-active ${TRIAL_UNIT} 2>/dev/null </dev/null) in active|activating|deactivating|reloading) return 0;; *) return 1;; esac; }
take() {
  o=
  if [ -e "$W" ]; then
    o=$(mv -f "$W" "$W.over" 2>&1) || [ ! -e "$W" ] || return 1
    sy "\${W%/*}"
  fi
  [ -e "$W.over" ] || ! watched || { o='it was too late: the machine goes back to its old kernel line'; return 1; }
  ! watched || systemctl stop ${TRIAL_UNIT} >/dev/null 2>&1 </dev/null
  watched || rm -f "$W.over"
}
`;

/**
 * What a trial of a kernel line needs on the machine itself: one session, one word a line in, answers out, each ended by `end WORD`. Nothing here decides; `refused WHY` is an answer to each
 * but `state`, and the same word again ends the same. GRUBENV may be `-`, where only looked for.
 *
 * - `state GRUBENV`: `boot ID`, `up SECONDS`, `line` and `next` as base64, `armed ID SECONDS KIND`.
 * - `arm ID SECONDS KIND GRUBENV COMMAND`: `armed`. The marker is first, so that at no moment an entry is chosen that nothing ends; what goes wrong takes it away again.
 * - `disarm GRUBENV`: `disarmed`, in the other order. `confirm ID`: `confirmed`, where that trial runs and nothing ends it any more.
 * - `reboot KIND BOOT`, `poweroff KIND BOOT`: `going`, and `refused` behind it where the command failed. Refused in any other boot than that, so that a word that is said again after a cut link does not end the boot
 *   that it asked for; and a reset where either the client or the marker says `rtvm`: there it is the whole machine's (reference 7b).
 */
const TRIAL = sh`
refused() { say "refused $(printf %s "$1" | tail -n 3 | tr '\n' ' ')"; }
word() { printf %s "$1" | base64 | tr -d '\n'; }
id() { case $1 in ''|*[!0-9a-z]*) o='no id of a trial'; return 1;; esac; [ \${#1} -le 40 ]; }
bootid() { B=; IFS= read -r B 2>/dev/null <"$R/proc/sys/kernel/random/boot_id"; }
state() {
  bootid && say "boot $B"
  IFS=' .' read -r l x 2>/dev/null <"$R/proc/uptime" && say "up $l"
  line && say "line $(word "$L")"
  armed && say "armed $I $S $K"
  grubenv "$1" && [ "$N" ] && say "next $(word "$N")"
}
# what has to be there, so that the boot that comes ends
ready() {
  o="systemd does not run here, so nothing would end a boot that nobody confirms"
  [ -d "$R/run/systemd/system" ] || return 1
  for x in ${TRIAL_UNIT_PATH} ${TRIAL_DROP_IN_PATH}; do
    o="$x is not there, so nothing would end a boot that nobody confirms"
    [ -s "$R$x" ] || return 1
  done
  o="${TRIAL_UNIT_PATH} could reset a real-time VM, and with it the whole machine"
  [ "$1" = other ] || ! grep -q reboot "$R${TRIAL_UNIT_PATH}" || return 1
  o="this boot is itself a trial that waits for its end"
  ! watched || return 1
  o="there is no $3"
  case $3 in grub-reboot|grub2-reboot) ;; *) return 1;; esac
  command -v "$3" >/dev/null 2>&1 || return 1
  o="there is no $2"
  grubenv "$2"
}
mark() {
  rm -f "$W.over"
  o=$({ printf '%s\n' "$1" >"$W.new" && sy "$W.new" && mv -f "$W.new" "$W"; } 2>&1) && sy "\${W%/*}" && return 0
  rm -f "$W.new"
  return 1
}
arm() {
  id "$1" && ready "$3" "$4" "$5" && mark "$1 $2 $3" || { refused "$o"; return; }
  d=
  # its own folder is fixed, below one that can be given
  case $4 in */grub/grubenv|*/grub2/grubenv) d=\${4%/*/*};; esac
  o=$("$5" \${d:+"--boot-directory=$R$d"} "pulumi-acrn-trial-$1" 2>&1 </dev/null)
  grubenv "$4"
  if [ "$N" = "pulumi-acrn-trial-$1" ]; then
    sy "$E"
    say armed
    return
  fi
  w="grubenv says next_entry=$N after $5: $o"
  forget "$4" && rm -f "$W" && sy "\${W%/*}" || w="$w; $o"
  refused "$w"
}
disarm() { forget "$1" && take && say disarmed || refused "$o"; }
confirm() {
  id "$1" || { refused "$o"; return; }
  line
  case " $L " in *" ${TRIAL_MARKER}=$1 "*) ;; *) refused 'the kernel line that runs is not that of the trial'; return;; esac
  ! armed || [ "$I" = "$1" ] || { refused "another trial is armed: $I"; return; }
  take && [ ! -e "$W" ] && say confirmed || refused "$o"
}
leave() {
  bootid
  [ "$B" = "$3" ] || { refused 'the machine has booted since'; return; }
  if [ "$1" = reboot ]; then
    armed
    case $2$K in other|otherother) ;; *) refused 'a reset inside a real-time VM resets the whole machine'; return;; esac
  fi
  say going
  sleep 1
  if [ -d "$R/run/systemd/system" ]; then o=$(systemctl -i "$1" 2>&1 </dev/null); else o=$("$1" 2>&1 </dev/null); fi || refused "$o"
}
while IFS= read -r x; do
  IFS=' '
  set -- $x
  IFS=$n
  o=
  case "\${1-} $#" in
    'state 2') state "$2";;
    'arm 6') arm "$2" "$3" "$4" "$5" "$6";;
    'disarm 2') disarm "$2";;
    'confirm 2') confirm "$2";;
    'reboot 3'|'poweroff 3') leave "$1" "$2" "$3";;
    *) break;;
  esac
  say "end $1"
done
`;

export function guestTrialScript(): string {
  return minify([HEAD, RESOLVE, ONE_SHOT, MARKER, TRIAL].join("\n"));
}
