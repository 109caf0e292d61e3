import { LAUNCH_EXIT } from "../exit";

/** The record of the VM's life: whoever writes it lives in the unit. */
export const NOTE = `
# One line, put there by rename: whoever reads it sees the old or the new one.
note() (
  umask 022
  mkdir -p /run/pulumi-acrn/vms &&
    printf '%s\\n' "$*" >"/run/pulumi-acrn/.$vm.$$" &&
    mv -f -- "/run/pulumi-acrn/.$vm.$$" "$record"
)

# An activation that was cut off noted down that this VM is to come back: here it is.
is_back() {
  [ -e "/var/lib/pulumi-acrn/cycling/$vm" ] || return 0
  rm -f -- "/var/lib/pulumi-acrn/cycling/$vm"
  rmdir -- /var/lib/pulumi-acrn/cycling 2>/dev/null || :
}
`;

/**
 * The part that lives in the unit. No terminal is needed: a console on stdio is read only where it is a terminal, in every version
 * [uart_core.c uart_config_backend, virtio_console.c virtio_console_add_backend]. One would even do harm: acrn-dm takes the SIGHUP of a
 * terminal that goes away for a power-off, and ends with 0 although the RTVM runs on [main.c sig_handler_term, hypervisor vm.c pause_vm].
 */
export const RUN = (unmount: boolean): string => `
run_vm() { # DIRECTORY
  local boot status signalled=
  cd -- "$1" ||
    fail ${LAUNCH_EXIT.noFile} "the directory $1 is gone" 'Start this from another one.'
  boot=$(</proc/sys/kernel/random/boot_id)
  # This shell outlives acrn-dm, to write down its end.
  trap 'signalled=129' HUP
  trap 'signalled=130' INT
  trap : TERM
  note "started $boot $$" ||
    fail ${LAUNCH_EXIT.record} "$record cannot be written" 'Without it nobody could tell later whether the VM is off.'
  is_back
  # A virtio console on stdio is written to standard input, so that has to be the log too.
  acrn-dm "\${dm_params[@]}" <&1
  status=$?
  # After these signals acrn-dm ends with 0 although an RTVM may run on without it.
  [ "$status" != 0 ] || status=\${signalled:-0}
  note "ended $boot $status" || echo "pulumi-acrn: $record cannot be written" >&2${unmount ? "\n  unmount_partitions" : ""}
  return "$status"
}
`;

/** The same around a script of somebody else's: its `acrn-dm` is this function, which bash hands down to it. */
export const RUN_WRAPPED = `
# In a subshell: the traps are not the script's, which calls this.
# shellcheck disable=SC2317,SC2329
acrn-dm() (
  status=0 signalled=
  trap 'signalled=129' HUP
  trap 'signalled=130' INT
  trap : TERM
  note "started $boot $$" || exit ${LAUNCH_EXIT.record}
  command acrn-dm "$@" || status=$?
  # After these signals acrn-dm ends with 0 although an RTVM may run on without it.
  [ "$status" != 0 ] || status=\${signalled:-0}
  note "ended $boot $status" || echo "pulumi-acrn: $record cannot be written" >&2
  exit "$status"
)

run_vm() { # DIRECTORY
  cd -- "$1" ||
    fail ${LAUNCH_EXIT.noFile} "the directory $1 is gone" 'Start this from another one.'
  boot=$(</proc/sys/kernel/random/boot_id)
  trap : HUP INT TERM
  note "started $boot $$" ||
    fail ${LAUNCH_EXIT.record} "$record cannot be written" 'Without it nobody could tell later whether the VM is off.'
  is_back
  export vm record boot
  export -f acrn-dm note
  # A virtio console on stdio is written to standard input, so that has to be the log too.
  "$BASH" "$script" <&1
}
`;

/**
 * systemd expands \`$\` in commands, doubled it stands for itself [systemd.service(5)]. Without systemd a session of its own keeps
 * signals and the end of a terminal away, and \`cat\` keeps the terminal itself away: acrn-dm would set it to raw mode.
 * To stop an RTVM's unit must not end acrn-dm, or the RTVM runs on as an orphan (reference 7b): only the shell is told, which stays.
 */
export const START = (realtime: boolean): string => `
# Starts the unit and waits for it. It goes on when this script is ended.
start_unit() {
  local self
  self=$(realpath -- "\${BASH_SOURCE[0]}")
  if [ -d /run/systemd/system ] && have systemd-run; then
    systemd-run --quiet --collect --wait --unit="pulumi-acrn-vm-$vm" --description="ACRN VM $vm" \\${realtime ? KEEP : ""}
      --setenv=PATH="$PATH" --setenv=PULUMI_ACRN_UNIT="$PWD" "$BASH" "\${self//\\$/\\$\\$}"
    return
  fi
  PULUMI_ACRN_UNIT=$PWD setsid "$BASH" "$self" </dev/null 2>&1 | cat
  return "\${PIPESTATUS[0]}"
}
`;

/** [systemd.kill(5)] */
const KEEP = `
      --property=KillMode=process --property=SendSIGKILL=no \\`;
