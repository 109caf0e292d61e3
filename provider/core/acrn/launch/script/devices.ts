import { LAUNCH_EXIT } from "../exit";

/** From its driver to pci-stub, which keeps the Service VM away from it. [launch_script_template.sh unbind_device] */
export const PASSTHROUGH = `
check_devices() {
  local bdf
  for bdf in "\${devices[@]}"; do
    [ -e "/sys/bus/pci/devices/$bdf" ] ||
      fail ${LAUNCH_EXIT.noDevice} "there is no PCI device $bdf" 'Is it plugged in? lspci -D lists them.'
  done
}

is_stubbed() { case $(readlink "/sys/bus/pci/devices/$1/driver") in */pci-stub) ;; *) false ;; esac; }

stub_devices() {
  local bdf device stub=/sys/bus/pci/drivers/pci-stub
  modprobe pci_stub || [ -d "$stub" ] ||
    fail ${LAUNCH_EXIT.preparation} 'the module pci_stub cannot be loaded' 'The kernel needs CONFIG_PCI_STUB.'
  for bdf in "\${devices[@]}"; do
    device=/sys/bus/pci/devices/$bdf
    is_stubbed "$bdf" && continue
    # An error when pci-stub knows these ids already.
    { printf '%04x %04x\\n' "$(<"$device/vendor")" "$(<"$device/device")" >"$stub/new_id"; } 2>/dev/null
    [ ! -e "$device/driver" ] || is_stubbed "$bdf" || echo "$bdf" >"$device/driver/unbind" ||
      fail ${LAUNCH_EXIT.preparation} "the driver of $bdf does not let it go" 'The kernel log (dmesg) may say why.'
    is_stubbed "$bdf" || echo "$bdf" >"$stub/bind" ||
      fail ${LAUNCH_EXIT.preparation} "pci-stub does not take $bdf" 'The kernel log (dmesg) may say why.'
  done
}
`;

/** One that is there is taken as it is; a new one goes to the bridge, where there is one. [launch_script_template.sh create_tap] */
export const TAPS = `
make_taps() {
  local tap
  for tap in "\${taps[@]}"; do
    ip link show dev "$tap" >/dev/null 2>&1 && continue
    ip tuntap add dev "$tap" mode tap ||
      fail ${LAUNCH_EXIT.preparation} "the interface $tap cannot be made" 'The line above says why.'
    ip link show dev acrn-br0 >/dev/null 2>&1 || continue
    { ip link set dev "$tap" master acrn-br0 && ip link set dev "$tap" down && ip link set dev "$tap" up; } ||
      fail ${LAUNCH_EXIT.preparation} "the interface $tap does not go to the bridge acrn-br0" 'The line above says why.'
  done
}
`;

export const MOUNTS = `
mount_partitions() {
  local at
  for at in "\${!partitions[@]}"; do
    mountpoint -q "$at" && continue
    { mkdir -p "$at" && mount -- "\${partitions[$at]}" "$at"; } ||
      fail ${LAUNCH_EXIT.preparation} "\${partitions[$at]} cannot be mounted" 'The line above says why.'
  done
}

unmount_partitions() {
  local at
  for at in "\${!partitions[@]}"; do
    ! mountpoint -q "$at" || umount -- "$at"
    rmdir -- "$at" 2>/dev/null
  done
}
`;

/** [launch_script_template.sh add_virtual_device] */
export const FIND_INPUT = `
# The event device of an input device: by its name, and where it is plugged in.
find_input() {
  local event
  for event in /sys/class/input/event*; do
    [ -e "$event/device/name" ] || continue
    [[ $(<"$event/device/name") == *"$1"* && $(<"$event/device/phys") == *"$2"* ]] || continue
    echo "/dev/input/\${event##*/}"
    return 0
  done
  printf 'pulumi-acrn: VM %s goes without the input device %s: it is not plugged in\\n' "$vm" "$1" >&2
  return 1
}
`;
