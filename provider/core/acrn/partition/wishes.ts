import { MAX_CPU_ID } from "../../hardware/cpu-set";
import { pcpuOf } from "../../hardware/topology";
import { type Ground, SERVICE_VM } from "./ground";
import type { CoreWish, Refusal } from "./types";
import { all, ascending, byText, pcpus, refuse } from "./words";

export interface AutoWish {
  vm: string;
  cores: number;
  kind?: "P" | "E";
}

export interface Wishes {
  explicit: Map<string, number[]>;
  automatic: AutoWish[];
  refusals: Refusal[];
}

/** Sorts the map out, by name, and refuses what makes no sense whatever the rest of the host looks like. */
export function readWishes(ground: Ground): Wishes {
  const wishes: Wishes = { explicit: new Map(), automatic: [], refusals: unknownSharing(ground) };
  for (const vm of Object.keys(ground.input.wanted).sort(byText)) {
    const misfit = notForThis(ground, vm);
    if (misfit) wishes.refusals.push(misfit);
    else readWish(ground, vm, ground.input.wanted[vm] as CoreWish, wishes);
  }
  return wishes;
}

function notForThis(ground: Ground, vm: string): Refusal | undefined {
  if (vm === ground.service?.key || vm === SERVICE_VM)
    return refuse(
      "service-vm",
      vm,
      undefined,
      `${vm} is the Service VM: it has what the others leave`,
      "Remove it from `vms`; list the VMs that shall have pCPUs of their own.",
    );
  if (ground.vms.has(vm)) return undefined;
  // Syntax of VM names, reference section 5; `#<id>` speaks of a nameless VM that has to be there.
  const legal = ground.input.scenario.dialect === "2.x" ? !vm.startsWith("#") : /^[A-Za-z0-9_-]{1,15}$/.test(vm);
  if (legal) return undefined;
  return refuse(
    "unknown-vm",
    vm,
    undefined,
    `the scenario has no VM ${vm}, and no VM could be called so`,
    `Name a VM of the scenario (${all(vmNames(ground)) || "it has none"}), or a new one: letters, digits, _ and -, at most 15.`,
  );
}

export function vmNames(ground: Ground): string[] {
  return [...ground.vms.values()].filter((vm) => vm.load !== "service").map((vm) => vm.key);
}

function readWish(ground: Ground, vm: string, wish: CoreWish, wishes: Wishes): void {
  if (isList(wish)) {
    const found = readList(ground, vm, wish, wishes.refusals);
    if (found.length > 0) wishes.explicit.set(vm, found);
  } else if (Number.isInteger(wish.cores) && wish.cores > 0) {
    wishes.automatic.push({ vm, ...wish });
  } else {
    const text = `${vm} wants ${wish.cores} cores, which is no number of cores`;
    wishes.refusals.push(refuse("bad-count", vm, undefined, text, "Say a whole number from 1, or remove the VM."));
  }
}

function isList(wish: CoreWish): wish is readonly number[] {
  return Array.isArray(wish);
}

function readList(ground: Ground, vm: string, wish: readonly number[], refusals: Refusal[]): number[] {
  if (wish.length === 0)
    refusals.push(refuse("empty", vm, undefined, `${vm} has no pCPU`, "Name at least one pCPU, or remove the VM."));
  const twice = wish.filter((pcpu, at) => wish.indexOf(pcpu) !== at);
  for (const pcpu of new Set(twice))
    refusals.push(refuse("duplicate-pcpu", vm, pcpu, `${vm} lists pCPU ${pcpu} twice`, `Write ${pcpu} once.`));
  const cpus = [...new Set(wish)];
  for (const pcpu of cpus.filter((id) => !exists(ground, id))) refusals.push(noSuchPcpu(ground, vm, pcpu));
  return ascending(cpus.filter((id) => exists(ground, id)));
}

/** A board that lists no pCPU at all refutes nothing; a warning says so. */
function exists(ground: Ground, id: number): boolean {
  if (!Number.isInteger(id) || id < 0 || id > MAX_CPU_ID) return false;
  return ground.topology.pcpus.length === 0 || pcpuOf(ground.topology, id) !== undefined;
}

function noSuchPcpu(ground: Ground, vm: string, pcpu: number): Refusal {
  const board = ground.input.files?.board ?? "the board file";
  const known = ground.topology.pcpus.map((cpu) => cpu.id);
  return refuse(
    "unknown-pcpu",
    vm,
    pcpu,
    `${vm} wants pCPU ${pcpu}, which the board does not have`,
    known.length > 0
      ? `Choose among ${pcpus(known)} (${board}); APIC ids are another numbering.`
      : "Write pCPU ids (Linux CPU numbers).",
  );
}

/** A slip in an exception would allow nothing and say nothing. */
function unknownSharing(ground: Ground): Refusal[] {
  const { sharing = {}, wanted } = ground.input;
  const known = (name: string) => name === SERVICE_VM || ground.vms.has(name) || Object.hasOwn(wanted, name);
  return (["smt", "l2"] as const).flatMap((kind) =>
    [...new Set(sharing[kind] ?? [])]
      .filter((name) => !known(name))
      .sort(byText)
      .map((name) => ({
        ...refuse(
          "unknown-stranger",
          name,
          undefined,
          `sharing.${kind} names ${name}, which is neither in the scenario nor in \`vms\``,
          `Known are ${all([SERVICE_VM, ...vmNames(ground)])}.`,
        ),
        property: `sharing.${kind}`,
      })),
  );
}
