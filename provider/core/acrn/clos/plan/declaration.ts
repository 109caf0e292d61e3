import { type CatCache, titleOf } from "../caches";
import { gpuRefusals } from "./gpu";
import type { Members } from "./members";
import { shareOf } from "./seats";
import type { ClosPlanInput, ClosRefusal } from "./types";

/** What cannot be on this board, whatever is chosen. */
export function declarationRefusals(
  input: ClosPlanInput,
  members: Members,
  caches: readonly CatCache[],
): ClosRefusal[] {
  const { declaration, topology, vms } = input;
  if (caches.length === 0 || !topology.cachesKnown) return [noCat(topology.cachesKnown)];
  const mba = mbaRefusals(declaration);
  if (mba.length > 0) return mba;
  const homeless = vms.filter(({ pcpus }) => pcpus.length === 0).map(({ key }) => noCores(key));
  const levels = Object.entries(declaration.classes).flatMap(([name, wish]) =>
    [2, 3].flatMap((level) => {
      if (shareOf(wish, level) === undefined) return [];
      const reached = vms.some((vm) =>
        vm.pcpus.some(
          (pcpu, vcpu) =>
            members.classOf(vm.key, vcpu) === name && caches.some((c) => c.level === level && c.pcpus.includes(pcpu)),
        ),
      );
      return reached ? [] : [noLevel(name, level, caches)];
    }),
  );
  const gpu = gpuRefusals(declaration.gpuWays, topology, caches);
  return [...homeless, ...levels, ...cdpRefusals(input), ...gpu, ...vcatRefusals(input)];
}

function noCat(known: boolean): ClosRefusal {
  const message = known
    ? "no L2 or L3 of the board has CAT: ACRN would take RDT_ENABLED and ignore it"
    : "the board file does not tell its caches (boards before v2.5)";
  return {
    code: "clos.no-cat",
    property: "classes",
    message,
    hint: "Use a board that can divide its caches, with a board file that says so.",
  };
}

/** T05: the element went with v3.0, and the code that would write it is dead (reference 2.1). */
function mbaRefusals({ classes, rest }: ClosPlanInput["declaration"]): ClosRefusal[] {
  const given = Object.keys(classes).filter((name) => classes[name]?.mba !== undefined);
  const properties = [...given.map((name) => `classes.${name}.mba`), ...(rest?.mba === undefined ? [] : ["rest.mba"])];
  const message = "ACRN 3.x cannot limit memory bandwidth (T05): MBA_DELAY went with v3.0";
  return properties.map((property) => ({
    code: "clos.mba",
    property,
    message,
    hint: "Leave mba out; only ACRN 2.x has it.",
  }));
}

export function noCores(vm: string): ClosRefusal {
  return {
    code: "clos.no-cores",
    property: "partition",
    message: `which pCPUs ${vm} has is not known, so its vCPUs cannot be given policies`,
    hint: "Pass the CorePartition that gives it pCPUs, or write its cpu_affinity.",
  };
}

function noLevel(name: string, level: number, caches: readonly CatCache[]): ClosRefusal {
  return {
    code: "clos.no-level",
    property: `classes.${name}.l${level}`,
    message: `no vCPU of the class ${name} is on an L${level} with CAT`,
    hint: `Caches with CAT: ${caches.map((c) => `${titleOf(c)} of pCPU ${c.pcpus.join()}`).join("; ")}.`,
  };
}

/** [schema/checks/rdt_support.xsd: from v3.1 on every L2 and L3 has to have it] */
function cdpRefusals({ declaration, topology }: ClosPlanInput): ClosRefusal[] {
  const apart = Object.entries(declaration.classes).filter(([, w]) => [w.l2, w.l3].some((s) => typeof s === "object"));
  if (!declaration.cdp)
    return apart.map(([name]) => ({
      code: "clos.cdp",
      property: `classes.${name}`,
      message: "code and data have ways apart only with CDP",
      hint: "Declare cdp: true, or give one share.",
    }));
  const without = topology.caches.filter(({ level, cdp }) => (level === 2 || level === 3) && !cdp);
  if (without.length === 0) return [];
  const message = `${without.map(titleOf).join(", ")} has no CDP, and ACRN wants it on every L2 and L3`;
  return [{ code: "clos.cdp", property: "cdp", message, hint: "Leave cdp out on this board." }];
}

/** With vCAT every policy takes an id of its own, and the guest divides its ways itself (reference 2.1, 3). It and CDP exclude each other (rdt_support.xsd). */
function vcatRefusals({ declaration, vms, vcat }: ClosPlanInput): ClosRefusal[] {
  const both: ClosRefusal[] =
    declaration.cdp && vcat
      ? [
          {
            code: "clos.vcat",
            property: "cdp",
            message: "VCAT_ENABLED is y in the scenario, and ACRN takes vCAT and CDP only one without the other",
            hint: "Write n for VCAT_ENABLED, or leave cdp out.",
          },
        ]
      : [];
  const guests = vms
    .filter((vm) => vm.vcat)
    .map(
      ({ key }): ClosRefusal => ({
        code: "clos.vcat",
        property: "classes",
        message: `${key} has virtual_cat_support: its classes are the guest's, and ACRN gives it one CLOS alone`,
        hint: "Take virtual_cat_support out of the VM.",
      }),
    );
  return [...both, ...guests];
}
