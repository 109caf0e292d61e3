import type { DmArgument } from "./argument";
import { argumentsV2 } from "./arguments-v2";
import { argumentsV3 } from "./arguments-v3";
import type { VmConfig } from "./types";

/**
 * What acrn-dm is given for this VM, in the order of ACRN's own generator; that order counts: `--virtio_poll` stands before the
 * devices that are polled, the VM's name is last.
 */
export function dmArguments(vm: VmConfig): DmArgument[] {
  return vm.dialect === "2.x" ? argumentsV2(vm) : argumentsV3(vm);
}
