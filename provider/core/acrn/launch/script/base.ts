import { LAUNCH_EXIT } from "../exit";

/** What a launch needs on any host. acrn-dm looks for iasl on PATH since v3.1 and in /usr/sbin before. [devicemodel/hw/platform/acpi/acpi.c] */
export const checkHost = (iasl: boolean): string => `
fail() { # STATUS WHAT HINT
  printf 'pulumi-acrn: VM %s is not launched: %s\\n%s\\n' "$vm" "$2" "$3" >&2
  exit "$1"
}

have() { type -P "$1" >/dev/null; }

check_host() {
  [ ! -e /run/pulumi-acrn/hold ] ||
    fail ${LAUNCH_EXIT.held} 'launches are held: the host is about to reboot' 'If it is not, remove /run/pulumi-acrn/hold.'
  [ "$(id -u)" = 0 ] ||
    fail ${LAUNCH_EXIT.notRoot} 'only root may launch a VM' 'Run this with sudo.'
  [ -e /dev/acrn_hsm ] || [ -e /dev/acrn_vhm ] ||
    fail ${LAUNCH_EXIT.noHypervisor} 'there is neither /dev/acrn_hsm nor /dev/acrn_vhm' 'Boot ACRN, and run this in its Service VM.'
  have acrn-dm ||
    fail ${LAUNCH_EXIT.noDeviceModel} "acrn-dm is not on PATH ($PATH)" 'Install ACRN (package acrn-devicemodel).'${iasl ? IASL : ""}
}
`;

const IASL = `
  have iasl ||
    fail ${LAUNCH_EXIT.noIasl} "iasl is not on PATH ($PATH), and acrn-dm cannot start without it" 'Install it (package acpica-tools).'`;

export const CHECK_FILES = `
check_files() {
  local file
  for file in "$@"; do
    [ -e "$file" ] ||
      fail ${LAUNCH_EXIT.noFile} "$file is missing (seen from $PWD)" 'Put it there, or declare where it is.'
  done
}
`;

/** A second acrn-dm for a VM would fail, but only after the script took its CPUs. The name is the last argument (reference 1.5). */
export const CHECK_NOT_RUNNING = `
check_not_running() {
  local process words
  for process in /proc/[0-9]*; do
    words=()
    { mapfile -d '' -t words <"$process/cmdline"; } 2>/dev/null
    [ "\${#words[@]}" -gt 1 ] || continue
    [ "\${words[-1]}" = "$vm" ] || continue
    case \${words[0]##*/}:\${words[1]##*/} in
      acrn-dm:* | *:acrn-dm)
        fail ${LAUNCH_EXIT.running} "it runs already (acrn-dm is process \${process##*/})" 'Power it off from inside first.' ;;
    esac
  done
}
`;
