import { roleOf } from "../../rt-vm/homes";
import { openScenario } from "../../scenario/open";
import { knowsUuids } from "../../scenario/vm-uuid";
import type { ClosFault, Ground } from "./types";

/**
 * Launch scripts of VMs that the scenario lacks. ACRN gives such a VM a free slot, which has no CLOS: where RDT is on, the hypervisor stops at an assertion
 * (debug) or divides by zero as it makes the first vCPU, and the whole machine with it [v2.7 .. v3.3 hypervisor/arch/x86/guest/vmsr.c
 * prepare_auto_msr_area; guest/vmcall.c get_unused_vmid].
 */
export function dynamicVmFaults({ vms, caches, scripts }: Ground): ClosFault[] {
  if (caches.length === 0) return [];
  const known = new Set(vms.map(({ key }) => key));
  return scripts.flatMap(({ path, vm }): ClosFault[] => {
    const role = roleOf(path);
    // One that we keep for an image is run only where that image is booted.
    if (vm === undefined || known.has(vm) || role === "kept") return [];
    const starts = role === "autostart" ? "acrnd starts it at every boot" : "once it is run";
    const message = `${path} launches ${JSON.stringify(vm)}, which the scenario lacks: with RDT on it has no CLOS, and the hypervisor divides by zero and stops the machine (${starts})`;
    const hint = `Remove the script, or give ${vm} its place in the scenario (RtVm, passed to CacheClos by rtVms) and its policies.`;
    // The package's copy is dpkg's, and nothing runs it from there.
    const severity = role === "packaged" ? "warning" : "error";
    return [{ rule: "clos.dynamic-vm", severity, vm, line: 0, message, hint }];
  });
}

/** Up to v2.6 a VM that the scenario lacks is not launched at all: post-launched VMs are known by UUIDs. */
export function namesCount(text: string, file: string): boolean {
  return !knowsUuids(openScenario(text, file));
}
