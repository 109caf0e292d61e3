import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseXml, type XmlElement } from "@rgrove/parse-xml";

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
}

export interface ImageVm {
  /** Up to v2.6 a post-launched VM may have none. */
  name: string;
  load: "pre" | "service" | "post";
  /** Ranks above the Service VM by its type alone (vm_config.h: SEVERITY_SAFETY_VM, SEVERITY_RTVM). */
  severe: boolean;
  pcpus: number[];
  /** Some POLICY names it. */
  policy: boolean;
}

/** Read by itself, without the product: a lab that shared its code could not contradict it. */
export function imageOf(dir: string): BootedImage {
  const text = read(join(dir, "usr/share/acrn/scenario.xml"));
  const board = read(join(dir, "usr/share/acrn/board.xml"));
  const root = rootOf(text);
  const vms = root ? children(root, "vm").map((vm) => vmOf(vm, root)) : [];
  const legacy = !/<load_order>/.test(text) && vms.length > 0;
  const version = versionOf(dir) ?? (legacy ? 205 : 303);
  return {
    version,
    supervisor: version >= 303 && yes(text, "SERVICE_VM_SUPERVISOR_ENABLED"),
    rdt: yes(text, "RDT_ENABLED") && /<capability id="CAT"/.test(board),
    vms,
    threads: threadsOf(board),
  };
}

/** `/boot/acrn-3.3.bin`; the last, where there are several: `25_linux_acrn` puts the newest first. */
function versionOf(dir: string): number | undefined {
  const numbers = list(join(dir, "boot")).flatMap((name) => {
    const [, major, minor] = /^acrn-(\d+)\.(\d+)\.bin$/.exec(name) ?? [];
    return major === undefined ? [] : [Number(major) * 100 + Number(minor)];
  });
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function vmOf(vm: XmlElement, root: XmlElement): ImageVm {
  const type = textOf(vm, "vm_type");
  const order = textOf(vm, "load_order") || type;
  const name = textOf(vm, "name");
  const load = /^(PRE|SAFETY)/.test(order) ? "pre" : /^(SERVICE|SOS)/.test(order) ? "service" : "post";
  const ids = at(vm, "cpu_affinity").flatMap((part) => [...at(part, "pcpu/pcpu_id"), ...at(part, "pcpu_id")]);
  const policy = at(root, "hv/CACHE_REGION/CACHE_ALLOCATION/POLICY/VM").some((owner) => owner.text.trim() === name);
  return {
    name,
    load,
    severe: /^(RTVM|SAFETY_VM|PRE_RT_VM|POST_RT_VM)$/.test(type),
    pcpus: ids.map((id) => Number(id.text)).sort((a, b) => a - b),
    policy,
  };
}

function threadsOf(board: string): BootedImage["threads"] {
  const pairs = [...board.matchAll(/<cpu_id>(\d+)<\/cpu_id>\s*<apic_id>(0x[0-9a-f]+)<\/apic_id>/gi)];
  return pairs.map((pair) => ({ cpu: Number(pair[1]), apicId: Number(pair[2]) })).sort((a, b) => a.cpu - b.cpu);
}

function rootOf(text: string): XmlElement | undefined {
  try {
    return parseXml(text).root ?? undefined;
  } catch {
    return undefined; // a machine whose record is damaged still runs what was built before
  }
}

const yes = (text: string, option: string): boolean => new RegExp(`<${option}>\\s*y\\s*<`).test(text);

function children(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((node): node is XmlElement => (node as XmlElement).name === name);
}

function at(element: XmlElement, path: string): XmlElement[] {
  return path.split("/").reduce((found, name) => found.flatMap((one) => children(one, name)), [element]);
}

const textOf = (element: XmlElement, path: string): string => at(element, path)[0]?.text.trim() ?? "";

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
