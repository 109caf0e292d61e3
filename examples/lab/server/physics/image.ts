import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { XmlElement } from "@rgrove/parse-xml";
import { allocate, written } from "./rdt/allocate";
import { catCaches } from "./rdt/caches";
import { type CatCache, type ClosTable, classesOf, type VcpuClos } from "./rdt/table";
import { at, children, rootOf, textOf } from "./xml";

/** What the booted hypervisor was made from, as far as launches and resets ask for it. */
export interface BootedImage {
  /** MAJOR * 100 + MINOR. */
  version: number;
  /** 3.3+ SERVICE_VM_SUPERVISOR_ENABLED: a real-time VM ranks below the Service VM. */
  supervisor: boolean;
  /** CLOS are switched (RDT is on, and the board has CAT). */
  rdt: boolean;
  vms: ImageVm[];
  /** By pCPU id. */
  threads: { cpu: number; apicId: number }[];
  /** Those with CAT. */
  caches: CatCache[];
  table: ClosTable;
  /** What the Service VM's kernel is told and told apart by, where the scenario says it. */
  bootArgs: string;
  kernelTag: string;
}

export interface ImageVm {
  id: string;
  /** Up to v2.6 a post-launched VM may have none. */
  name: string;
  load: "pre" | "service" | "post";
  /** Ranks above the Service VM by its type alone (vm_config.h: SEVERITY_SAFETY_VM, SEVERITY_RTVM). */
  severe: boolean;
  pcpus: number[];
  /** It has classes: some POLICY names it (2.x: `vcpu_clos`). */
  policy: boolean;
}

/** What an image is made of. */
export interface Sources {
  scenario: string;
  board: string;
  /** MAJOR * 100 + MINOR; unknown: by the dialect. */
  version?: number | undefined;
  /** The classes that it was compiled with. @default those that its scenario gives */
  table?: ClosTable | undefined;
}

/** The packaged image by its record. Read by itself, without the product: a lab that shared its code could not contradict it. */
export function imageOf(dir: string, version = versionOf(dir)): BootedImage {
  const scenario = read(join(dir, "usr/share/acrn/scenario.xml"));
  return builtFrom({ scenario, board: read(join(dir, "usr/share/acrn/board.xml")), version });
}

export function builtFrom({ scenario: text, board, version: told, table: given }: Sources): BootedImage {
  const root = rootOf(text); // a machine whose record is damaged still runs what was built before
  const elements = root ? children(root, "vm") : [];
  const legacy = !/<load_order>/.test(text) && elements.length > 0;
  const version = told ?? (legacy ? 205 : 303);
  const caches = catCaches(board);
  const table = given ?? (root ? (legacy ? written : allocate)(root, caches) : NO_TABLE);
  const service = elements.find((vm) => loadOf(vm) === "service");
  const bootArgs = service ? textOf(service, "os_config/bootargs") : "";
  return {
    version,
    supervisor: version >= 303 && yes(text, "SERVICE_VM_SUPERVISOR_ENABLED"),
    rdt: yes(text, "RDT_ENABLED") && /<capability id="CAT"/.test(board),
    vms: elements.map((vm) => vmOf(vm, table)),
    threads: threadsOf(board),
    caches,
    table,
    bootArgs: /^\w+_BOOTARGS$/.test(bootArgs) ? "" : bootArgs, // 2.x: a macro of the build
    kernelTag: service ? textOf(service, "os_config/kern_mod") : "",
  };
}

/** A machine without hypervisor: Linux has all of it. */
export function withoutHypervisor(dir: string): BootedImage {
  return { ...imageOf(dir), supervisor: false, rdt: false, vms: [], table: NO_TABLE };
}

const NO_TABLE: ClosTable = { cdp: false, l3: [], l2: {}, vcpus: {} };

/** The classes of a VM's vCPUs on these pCPUs; undefined: none are switched, or it has none. */
export function closOf(image: BootedImage, name: string, pcpus: readonly number[]): VcpuClos[] | undefined {
  const vm = image.vms.find((one) => one.name === name);
  if (!image.rdt || !vm) return undefined;
  const apicIdOf = (pcpu: number) => image.threads.find(({ cpu }) => cpu === pcpu)?.apicId;
  return classesOf(image.table, vm.id, pcpus, image.caches, apicIdOf);
}

/** The pCPUs that a VM of the image has; a 3.x Service VM names none and has what pre-launched ones leave. */
export function pcpusOf(image: BootedImage, { load, pcpus }: ImageVm): number[] {
  if (pcpus.length > 0 || load !== "service") return pcpus;
  const taken = image.vms.filter((vm) => vm.load === "pre").flatMap((vm) => vm.pcpus);
  return image.threads.map(({ cpu }) => cpu).filter((cpu) => !taken.includes(cpu));
}

/** `/boot/acrn-3.3.bin`; the last, where there are several: `25_linux_acrn` puts the newest first. */
function versionOf(dir: string): number | undefined {
  const numbers = list(join(dir, "boot")).flatMap((name) => versionIn(name) ?? []);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/** The version in an image's name. */
export function versionIn(name: string): number | undefined {
  const [, major, minor] = /^acrn-(\d+)\.(\d+)\.bin$/.exec(name) ?? [];
  return major === undefined ? undefined : Number(major) * 100 + Number(minor);
}

function loadOf(vm: XmlElement): ImageVm["load"] {
  const order = textOf(vm, "load_order") || textOf(vm, "vm_type");
  return /^(PRE|SAFETY)/.test(order) ? "pre" : /^(SERVICE|SOS)/.test(order) ? "service" : "post";
}

function vmOf(vm: XmlElement, table: ClosTable): ImageVm {
  const id = vm.attributes.id ?? "";
  const ids = at(vm, "cpu_affinity").flatMap((part) => [...at(part, "pcpu/pcpu_id"), ...at(part, "pcpu_id")]);
  return {
    id,
    name: textOf(vm, "name"),
    load: loadOf(vm),
    severe: /^(RTVM|SAFETY_VM|PRE_RT_VM|POST_RT_VM)$/.test(textOf(vm, "vm_type")),
    pcpus: ids.map((cpu) => Number(cpu.text)).sort((a, b) => a - b),
    policy: (table.vcpus[id] ?? []).length > 0,
  };
}

function threadsOf(board: string): BootedImage["threads"] {
  const pairs = [...board.matchAll(/<cpu_id>(\d+)<\/cpu_id>\s*<apic_id>(0x[0-9a-f]+)<\/apic_id>/gi)];
  return pairs.map((pair) => ({ cpu: Number(pair[1]), apicId: Number(pair[2]) })).sort((a, b) => a.cpu - b.cpu);
}

const yes = (text: string, option: string): boolean => new RegExp(`<${option}>\\s*y\\s*<`).test(text);

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
