import { refuseName } from "./owned-script";
import { CHECK_FILES, CHECK_NOT_RUNNING, checkHost } from "./script/base";
import { NOTE, RUN_WRAPPED, START } from "./script/run";
import { word } from "./script/word";
import type { VmConfig } from "./types";

/**
 * What starts a launch script that is not ours (`script: { edited }`) in a unit of our own, with the record that an owned script leaves.
 * Such a script may end as it likes after acrn-dm has, so the record is made around acrn-dm itself, which it has to call by its
 * name from bash; where it does otherwise (`sudo acrn-dm`, a full path), the record stays at `started`: how it ended is not known.
 */
export function wrappedScript(vm: Pick<VmConfig, "name" | "uuid" | "realtime">, script: string): string {
  refuseName(vm);
  return [
    `#!/bin/bash
#
# Starts ${vm.name}'s own launch script in the unit pulumi-acrn-vm-${vm.name}.service and waits for it; written by pulumi-acrn.
# The VM goes on when this script is ended; how it ended stays in /run/pulumi-acrn/vms/${vm.name}.

set -u
vm=${word(vm.name)}
record=/run/pulumi-acrn/vms/$vm
script=${word(script)}
`,
    checkHost(false),
    CHECK_FILES,
    CHECK_NOT_RUNNING,
    NOTE,
    RUN_WRAPPED,
    START(vm.realtime),
    `
main() {
  if [ -n "\${PULUMI_ACRN_UNIT-}" ]; then
    run_vm "$PULUMI_ACRN_UNIT"
    return
  fi
  check_host
  check_files "$script"
  [ "\${1-}" != --check ] || return 0
  check_not_running
  start_unit
}

main "$@"; exit
`,
  ].join("");
}
