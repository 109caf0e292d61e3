import { MAC } from "./recipe";

/**
 * `bios`: a PC that may reset, as any bare-metal Linux.
 * `rtvm`: what ACRN gives a post-launched real-time VM: OVMF that forgets its variables, and no reset (a reset in an RTVM resets the whole
 * machine: acrn-reference.md 7b), so the process ends where one happens.
 */
export type Firmware = "bios" | "rtvm";

/** OVMF of Debian's package, which keeps variables in a second flash. */
const OVMF = { code: "/usr/share/OVMF/OVMF_CODE_4M.fd", variables: "/usr/share/OVMF/OVMF_VARS_4M.fd" };

/** Software emulation: KVM is not to be relied on. */
const PC = [
  "-accel",
  "tcg,thread=multi",
  "-cpu",
  "max",
  "-smp",
  "2",
  "-m",
  "1024",
  "-machine",
  "q35",
  "-rtc",
  "base=utc",
];

/** The command line of QEMU, qemu-system-x86_64(1), but for its monitor. */
export function qemuArguments(of: { firmware: Firmware; disk: string; console: string }): string[] {
  return [
    ...["-nodefaults", "-no-user-config", "-display", "none", ...PC],
    ...["-chardev", `file,id=console,path=${of.console},append=on`, "-serial", "chardev:console"],
    ...["-drive", `if=none,id=disk,format=qcow2,file=${of.disk}`, "-device", "virtio-blk-pci,drive=disk,bootindex=0"],
    // restrict: the guest reaches nothing; only who asks on the loopback address reaches it
    ...["-netdev", "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22"],
    ...["-device", `virtio-net-pci,netdev=net,mac=${MAC},romfile=`, "-device", "virtio-rng-pci"],
    ...(of.firmware === "rtvm" ? ["-no-reboot", ...flash()] : []),
  ];
}

/** snapshot=on: what is written to the variables goes with the process. */
function flash(): string[] {
  return [
    ...["-drive", `if=pflash,unit=0,format=raw,readonly=on,file=${OVMF.code}`],
    ...["-drive", `if=pflash,unit=1,format=raw,snapshot=on,file=${OVMF.variables}`],
  ];
}
