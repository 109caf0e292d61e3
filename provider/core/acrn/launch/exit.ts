/**
 * How an owned script ends when it gives up before acrn-dm was started; nothing has left the Service VM then, but for `handOver` and `record`.
 * Any other status is acrn-dm's own (0, 1, 64 of sysexits.h, 128 and the signal). From 71 on nothing of ACRN or the shell is in the way.
 */
export const LAUNCH_EXIT = {
  notRoot: 71,
  noHypervisor: 72,
  noDeviceModel: 73,
  noIasl: 74,
  noFile: 75,
  noDevice: 76,
  unknownCpu: 77,
  running: 78,
  /** pci-stub, tap, mount. */
  preparation: 79,
  handOver: 80,
  /** The record of the VM's life cannot be written, so that nobody could tell later whether it is off. */
  record: 81,
  /** An Activation holds launches: the host is about to reboot. */
  held: 82,
} as const;
