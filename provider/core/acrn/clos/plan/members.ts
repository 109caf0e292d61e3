import { ghosts } from "../faults/isolation";
import type { ClosVm } from "../types";
import type { ClosDeclaration, ClosRefusal } from "./types";

/** Class of each vCPU (undefined: it is of the rest), and what is the same for all caches. */
export interface Members {
  classOf(vm: string, vcpu: number): string | undefined;
  /** See ghosts. */
  isGhost(vm: ClosVm, pcpu: number): boolean;
  refusals: ClosRefusal[];
}

export function membersOf(declaration: ClosDeclaration, vms: readonly ClosVm[]): Members {
  const found = new Map<string, string>();
  const refusals: ClosRefusal[] = [];
  for (const name of Object.keys(declaration.classes).sort()) {
    const wish = declaration.classes[name] as ClosDeclaration["classes"][string];
    for (const vm of Object.keys(wish.vms).sort()) {
      const property = `classes.${name}.vms.${vm}`;
      const there = vms.find(({ key }) => key === vm);
      const wrong = there ? unfit(name, wish.exclusive, wish.vms[vm] as Vcpus, there) : unknownVm(vm, vms);
      if (wrong) refusals.push({ ...wrong, property });
      if (!there || wrong) continue;
      for (const vcpu of vcpusOf(wish.vms[vm] as Vcpus, there)) {
        const key = `${vm}\n${vcpu}`;
        const other = found.get(key);
        if (other !== undefined && other !== name) refusals.push({ ...twice(vm, vcpu, name, other), property });
        found.set(key, name);
      }
    }
  }
  return { classOf: (vm, vcpu) => found.get(`${vm}\n${vcpu}`), isGhost: ghosts(vms), refusals };
}

type Vcpus = "all" | readonly number[];
type Wrong = Omit<ClosRefusal, "property">;

function vcpusOf(which: Vcpus, vm: ClosVm): readonly number[] {
  return which === "all" ? vm.pcpus.map((_, vcpu) => vcpu) : which;
}

function unknownVm(vm: string, vms: readonly ClosVm[]): Wrong {
  return {
    code: "clos.unknown-vm",
    message: `the scenario has no VM ${vm}`,
    hint: `VMs: ${vms.map(({ key }) => key).join(", ")}. One that an RtVm of this program makes is passed by rtVms.`,
  };
}

function unfit(name: string, exclusive: boolean, which: Vcpus, vm: ClosVm): Wrong | undefined {
  const count = vm.pcpus.length;
  const beyond = vcpusOf(which, vm).find((vcpu) => vcpu >= count);
  if (beyond !== undefined)
    return {
      code: "clos.unknown-vcpu",
      message: `${vm.key} has ${count} vCPUs, no vCPU ${beyond}`,
      hint: `Its vCPUs are 0 to ${count - 1}.`,
    };
  if (exclusive || !vm.realtime) return undefined;
  return {
    code: "clos.shared-class",
    message: `the class ${name} is shared, and ${vm.key} is a real-time VM`,
    hint: "Leave exclusive out: ways that others fill too are of no use to a real-time VM.",
  };
}

function twice(vm: string, vcpu: number, name: string, other: string): Wrong {
  return {
    code: "clos.two-classes",
    message: `vCPU ${vcpu} of ${vm} is in the classes ${other} and ${name}`,
    hint: "Name it in one of them.",
  };
}
