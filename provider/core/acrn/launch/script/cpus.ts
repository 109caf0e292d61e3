import type { HandOver } from "../cpus";
import { LAUNCH_EXIT } from "../exit";

/**
 * Which Linux CPUs are meant. /proc/cpuinfo shows CPUs that are online alone, so an APIC id that is not there may have been handed over
 * by an earlier launch of this boot: that many CPUs have to be offline then. CPU 0 cannot leave the Service VM. [launch_script_template.sh offline_cpus]
 */
const BY_APIC = `
declare -A cpu_of=()

find_cpus() {
  local key value cpu=
  while IFS=: read -r key value; do
    case \${key%%[[:space:]]*} in
      processor) cpu=\${value//[[:space:]]/} ;;
      apicid) cpu_of[\${value//[[:space:]]/}]=$cpu ;;
    esac
  done </proc/cpuinfo
}

check_cpus() {
  local id online away=() offline=0
  find_cpus
  for id in "\${hand_over[@]}"; do
    [ "\${cpu_of[$id]-}" != 0 ] ||
      fail ${LAUNCH_EXIT.unknownCpu} "the CPU with the APIC id $id is CPU 0, which cannot leave the Service VM" 'Give the VM other cores.'
    [ -n "\${cpu_of[$id]-}" ] || away+=("$id")
  done
  for online in /sys/devices/system/cpu/cpu[0-9]*/online; do
    [ -e "$online" ] && [ "$(<"$online")" = 0 ] && offline=$((offline + 1))
  done
  [ "\${#away[@]}" -le "$offline" ] ||
    fail ${LAUNCH_EXIT.unknownCpu} "no CPU has the APIC id \${away[*]}, and only $offline are offline" 'The board file is that of another machine, or of other BIOS settings: make it anew.'
}
`;

/** 2.x without APIC ids: the numbers are taken for Linux CPUs. [v2.5 com.py off_line_cpus] */
const BY_CPU = `
declare -A cpu_of=()

check_cpus() {
  local id
  for id in "\${hand_over[@]}"; do
    [ "$id" != 0 ] ||
      fail ${LAUNCH_EXIT.unknownCpu} 'CPU 0 cannot leave the Service VM' 'Give the VM other cores.'
    [ -e "/sys/devices/system/cpu/cpu$id/online" ] ||
      fail ${LAUNCH_EXIT.unknownCpu} "there is no CPU $id" 'The board file is that of another machine, or of other BIOS settings: make it anew.'
    cpu_of[$id]=$id
  done
}
`;

/**
 * Offline in Linux, then given up by the Service VM: for good, until the next boot. The file for the second step moved with the versions
 * (reference 1.5). A CPU that is offline already was handed over before.
 */
const HAND_OVER = `
find_remove_cpu() {
  for remove_cpu in /sys/devices/virtual/misc/acrn_hsm/remove_cpu /sys/class/acrn/acrn_hsm/offline_cpu /sys/class/vhm/acrn_vhm/offline_cpu; do
    [ ! -e "$remove_cpu" ] || return 0
  done
  fail ${LAUNCH_EXIT.handOver} 'the driver of ACRN has no file to hand over CPUs (remove_cpu)' 'Is this a Service VM kernel of ACRN?'
}

hand_over_cpus() {
  local id cpu online tries
  for id in "\${hand_over[@]}"; do
    cpu=\${cpu_of[$id]-}
    online=/sys/devices/system/cpu/cpu$cpu/online
    [ -n "$cpu" ] || continue
    [ "$(<"$online")" = 1 ] || continue
    # While modules of PCI devices are loaded during boot, Linux takes no CPU offline.
    for ((tries = 60; tries > 0; tries--)); do
      { echo 0 >"$online"; } 2>/dev/null
      [ "$(<"$online")" = 0 ] && break
      sleep 1
    done
    [ "$tries" -gt 0 ] ||
      fail ${LAUNCH_EXIT.handOver} "CPU $cpu does not go offline" 'The kernel log (dmesg) may say why.'
    echo "$cpu" >"$remove_cpu" ||
      fail ${LAUNCH_EXIT.handOver} "the Service VM does not give up CPU $cpu" 'The kernel log (dmesg) may say why.'
  done
}
`;

export function cpuFunctions({ by }: HandOver): string {
  return `${by === "apic" ? BY_APIC : BY_CPU}${HAND_OVER}`;
}
