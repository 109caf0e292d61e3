import { childrenNamed, find, parseXml, trimSpace } from "../../xml";

/** What a build generated, as far as it says which core and which class a vCPU gets. */
export interface BuiltConfigs {
  /** pCPU ids by VM id; the Service VM under `service`. */
  affinity: ReadonlyMap<number | "service", readonly number[]>;
  /** CLOS id of each vCPU, by VM id. */
  clos: ReadonlyMap<number, readonly number[]>;
  /** By cache (`l3`, or an L2's id as the board has it; `all` in 2.x): the mask of each CLOS id. */
  masks: ReadonlyMap<string, readonly bigint[]>;
}

/** What was meant. What is left out is not compared. */
export interface MeantConfigs {
  vms: readonly {
    id: number;
    name: string;
    service?: boolean;
    pcpus?: readonly number[];
    /** One for each vCPU; empty: none has a class. */
    clos?: readonly number[];
  }[];
  masks?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads `configs/allocation.xml` [misc/config_tools/static_allocators/clos.py] and `configs/misc_cfg.h` [xforms/misc_cfg.h.xsl]; 2.x has its classes in
 * misc_cfg.h alone (`VM<n>_VCPU_CLOS`, `CLOS_MASK_<n>`). A file that is not there says nothing.
 */
export function readBuiltConfigs(files: { allocation?: string | undefined; misc?: string | undefined }): BuiltConfigs {
  const clos = new Map<number, number[]>();
  const masks = new Map<string, bigint[]>();
  const defines = new Map(
    [...(files.misc ?? "").matchAll(/^#define[ \t]+(\w+)[ \t]+(.*)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
  const affinity = new Map<number | "service", number[]>();
  const old: bigint[] = [];
  for (const [name, value] of defines) {
    const vm = /^VM(\d{1,3})_(CONFIG_CPU_AFFINITY|VCPU_CLOS)$/.exec(name);
    if (vm?.[2] === "VCPU_CLOS") clos.set(Number(vm[1]), numbers(value, /(\d+)U/g));
    else if (vm) affinity.set(Number(vm[1]), numbers(value, /AFFINITY_CPU\((\d+)U\)/g));
    else if (/^(SERVICE_VM|SOS_VM)_CONFIG_CPU_AFFINITY$/.test(name))
      affinity.set("service", numbers(value, /AFFINITY_CPU\((\d+)U\)/g));
    const mask = /^CLOS_MASK_(\d{1,3})$/.exec(name)?.[1];
    if (mask !== undefined) old[Number(mask)] = maskOf(value);
  }
  if (old.length > 0)
    masks.set(
      "all",
      Array.from(old, (each) => each ?? -1n),
    );
  if (files.allocation !== undefined) readAllocation(files.allocation, clos, masks);
  return { affinity, clos, masks };
}

function readAllocation(text: string, clos: Map<number, number[]>, masks: Map<string, bigint[]>): void {
  const { root } = parseXml(text, "configs/allocation.xml");
  for (const vm of childrenNamed(root, "vm")) {
    const list = find(vm, "clos");
    const id = vm.attributes.get("id") ?? "";
    if (list && /^\d{1,3}$/.test(id))
      clos.set(
        Number(id),
        childrenNamed(list, "vcpu_clos").map(({ value }) => Number(trimSpace(value))),
      );
  }
  for (const list of childrenNamed(root, "hv").flatMap((hv) => childrenNamed(hv, "clos_mask")))
    masks.set(
      (list.attributes.get("id") ?? "").toLowerCase(),
      childrenNamed(list, "clos").map(({ value }) => maskOf(value)),
    );
}

const numbers = (text: string, each: RegExp): number[] => [...text.matchAll(each)].map((match) => Number(match[1]));

/** A mask that is no number equals no other. */
function maskOf(text: string): bigint {
  const digits = /^\s*0[xX]([0-9a-fA-F]{1,16})U?L?\s*$/.exec(text)?.[1];
  return digits === undefined ? -1n : BigInt(`0x${digits}`);
}

/** What was meant and what no file of the build tells, a phrase each; none: what was meant can be compared. (A mask that is not there is a difference.) */
export function untold({ affinity, clos }: BuiltConfigs, { vms }: MeantConfigs): string[] {
  const pcpus = affinity.size === 0 && vms.some((vm) => (vm.pcpus?.length ?? 0) > 0);
  const classes = clos.size === 0 && vms.some((vm) => (vm.clos?.length ?? 0) > 0);
  return [
    ...(pcpus ? ["which pCPUs VMs have (configs/misc_cfg.h)"] : []),
    ...(classes ? ["which classes of the cache vCPUs have (configs/allocation.xml)"] : []),
  ];
}

/** Every difference a sentence; none: the build does what was meant, as far as its files tell. */
export function configDifferences(built: BuiltConfigs, meant: MeantConfigs): string[] {
  const said = [...meant.vms.flatMap((vm) => vmDifferences(built, vm))];
  for (const [cache, masks] of Object.entries(meant.masks ?? {})) {
    const found = built.masks.get(cache.toLowerCase());
    if (!found) {
      if (masks.length > 0) said.push(`cache ${cache}: meant ${masks.length} masks, and the build has none`);
      continue;
    }
    if (found.length < masks.length)
      said.push(`cache ${cache}: meant ${masks.length} masks, and the build has ${found.length}`);
    masks.forEach((mask, id) => {
      const got = found[id];
      if (got !== undefined && got !== maskOf(mask))
        said.push(
          `cache ${cache}, CLOS ${id}: meant ${mask}, built ${got === -1n ? "something that is no mask" : `0x${got.toString(16)}`}`,
        );
    });
  }
  return said;
}

function vmDifferences({ affinity, clos }: BuiltConfigs, vm: MeantConfigs["vms"][number]): string[] {
  const said: string[] = [];
  const compare = (what: string, meant: readonly number[], found: readonly number[]) => {
    if (meant.join() !== found.join())
      said.push(`${vm.name} (VM ${vm.id}): ${what} meant ${listed(meant)}, built ${listed(found)}`);
  };
  // a set of bits [AFFINITY_CPU]: vCPUs take them in ascending order
  const sorted = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b);
  const cores = affinity.get(vm.service ? "service" : vm.id);
  if (vm.pcpus && affinity.size > 0) compare("pCPUs", sorted(vm.pcpus), sorted(cores ?? []));
  if (vm.clos && clos.size > 0) compare("CLOS of its vCPUs", vm.clos, clos.get(vm.id) ?? []);
  return said;
}

const listed = (numbers: readonly number[]): string => (numbers.length === 0 ? "none" : numbers.join(", "));
