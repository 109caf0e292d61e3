import type { DmArgs } from "./dm-args";
import type { BootedImage } from "./image";
import type { VmState } from "./types";

/** What a launch meets. */
export interface World {
  image: BootedImage;
  vms: readonly VmState[];
  /** The ACPI compiler is installed (acrn-dm from v3.1 on calls it at every launch). */
  iasl: boolean;
}

/** `panic`: the hypervisor itself falls over, and the machine with it. */
export type Verdict = { pcpus: number[] } | { refusal: string } | { panic: string };

/**
 * What hypervisor and device model say to a launch [hypercall.c hcall_create_vm, main.c]. Two VMs on one core, one of them real-time: the
 * hypervisor does not look; the lab refuses it, so that a mistake shows here and not as a guest that stands still.
 */
export function admit(args: DmArgs, { image, vms, iasl }: World): Verdict {
  if (image.version >= 301 && !iasl) return { refusal: "the ACPI compiler iasl is not installed" };
  const wanted = pcpusOf(args, image);
  if (typeof wanted === "string") return { refusal: wanted };
  const same = vms.find((vm) => vm.name === args.name);
  if (same) {
    const how = same.state === "orphan" ? "it still runs, though its acrn-dm is gone" : "it runs already";
    return { refusal: `failed to create VM ${args.name}: ${how}` };
  }
  const built = image.vms.find((vm) => vm.load === "post" && vm.name === args.name);
  const invalid = built ? wanted.filter((cpu) => !built.pcpus.includes(cpu)) : [];
  if (invalid.length > 0)
    return {
      refusal: `failed to create VM ${args.name}: it chooses invalid pCPUs (${invalid}); the booted image grants ${built?.pcpus}`,
    };
  const pcpus = wanted.length > 0 ? wanted : (built?.pcpus ?? []);
  // vmsr.c, prepare_auto_msr_area: vcpu_clos[i % count] with count 0
  if (image.rdt && !built?.policy) return { panic: `${args.name} has no CLOS` };
  for (const vm of vms) {
    const shared = vm.pcpus.filter((cpu) => pcpus.includes(cpu));
    if (shared.length > 0 && (vm.realtime || args.realtime))
      return {
        refusal: `failed to create VM ${args.name}: pCPU ${shared} is ${vm.name}'s, and one of them is real-time`,
      };
  }
  return { pcpus };
}

/** Whether something that lives ranks above the Service VM [vm_config.h; vm.c, get_highest_severity_vm]. */
export function outranked(image: BootedImage, vms: readonly VmState[]): boolean {
  const preLaunched = image.vms.some((vm) => vm.load === "pre" && vm.severe);
  return preLaunched || (!image.supervisor && vms.some((vm) => vm.realtime));
}

/** Empty: all that the image grants. */
function pcpusOf({ affinity = [] }: DmArgs, { version, threads }: BootedImage): number[] | string {
  if (version < 300) return [...affinity].sort((a, b) => a - b);
  const pcpus = affinity.map((id) => threads.find((thread) => thread.apicId === id)?.cpu);
  const unknown = affinity.filter((_, index) => pcpus[index] === undefined);
  if (unknown.length > 0) return `invalid pcpu param: no CPU has the APIC id ${unknown}`;
  return (pcpus as number[]).sort((a, b) => a - b);
}
