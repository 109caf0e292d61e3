import assert from "node:assert/strict";
import { find, parseXml, trimSpace, type XmlElement } from "../../../../provider/core/xml";

/**
 * What ACRN's schema and checks say against a file's VMs (reference, sections 2, 2.2 and 5), in the tests' own words: it reads
 * the elements, not the view that is tested.
 */
export function problemsOf(text: string): string[] {
  const { root } = parseXml(text, "s.xml");
  const vms = root.children.filter(({ name }) => name === "vm");
  const old = vms.every((vm) => said(vm, "load_order") === undefined);
  const limit = Number(trimSpace(find(root, "hv/CAPACITIES/MAX_VM_NUM")?.value ?? (old ? "8" : "16")));
  return [...ids(vms, limit), ...names(vms), ...vms.flatMap((vm) => (old ? parts2x(vm) : parts3x(vm)))];
}

/** Nothing is wrong that was not wrong before: what ACRN's own data does is no fault of ours. */
export function assertLegal(after: string, before: string): void {
  const known = problemsOf(before);
  assert.deepEqual(
    problemsOf(after).filter((each) => !known.includes(each)),
    [],
  );
}

type Load = "pre" | "service" | "post";

function loadOf(vm: XmlElement): Load {
  const word = said(vm, "load_order") ?? said(vm, "vm_type") ?? "";
  if (/^(SERVICE|SOS)_VM$/.test(word)) return "service";
  return /^(POST_|KATA)/.test(word) ? "post" : "pre";
}

function ids(vms: XmlElement[], limit: number): string[] {
  const id = (vm: XmlElement) => Number(vm.attributes.get("id"));
  const service = vms.find((vm) => loadOf(vm) === "service");
  const all = vms.map(id);
  return [
    ...(new Set(all).size < all.length ? [`ids repeat: ${all}`] : []),
    ...(all.length > limit ? [`${all.length} VMs, room for ${limit}`] : []),
    ...vms.flatMap((vm) => {
      const load = loadOf(vm);
      if (id(vm) >= limit) return [`id ${id(vm)} is not below ${limit}`];
      if (!service || load === "service") return [];
      return (load === "pre" ? id(vm) < id(service) : id(vm) > id(service)) ? [] : [`id ${id(vm)} of a ${load} VM`];
    }),
  ];
}

function names(vms: XmlElement[]): string[] {
  const all = vms.map((vm) => said(vm, "name")).filter((each) => each !== undefined);
  return new Set(all).size < all.length ? [`names repeat: ${all}`] : [];
}

const ALL =
  "load_order name vm_type console_vuart own_pcpu priority bvt_weight companion_vmid customized_parameters".split(" ");
const ONLY: Record<string, Load[]> = {
  ...by("memory cpu_affinity io_completion_polling virtual_cat_support virtual_cat_number pci_devs PTM", [
    "pre",
    "post",
  ]),
  ...by("lapic_passthrough virtual_thermal_monitor", ["pre", "service", "post"]),
  ...by("os_config", ["pre", "service"]),
  ...by("stateless epc_section mmio_resources pt_intx", ["pre"]),
  ...by("nested_virtualization_support", ["service"]),
  ...by("os_type vuart0 vbootloader usb_xhci secure_world_support virtio_devices", ["post"]),
  ...by(ALL.join(" "), ["pre", "service", "post"]),
};

function by(words: string, kinds: Load[]): Record<string, Load[]> {
  return Object.fromEntries(words.split(" ").map((word) => [word, kinds]));
}

const YN = /^[yn]?$/;
const VALUES: Record<string, RegExp> = {
  name: /^[A-Za-z0-9_-]{1,15}$/,
  load_order: /^(PRE_LAUNCHED|SERVICE|POST_LAUNCHED)_VM$/,
  vm_type: /^(STANDARD_VM|RTVM|TEE_VM|REE_VM)$/,
  ...Object.fromEntries("lapic_passthrough own_pcpu PTM vuart0 vbootloader".split(" ").map((each) => [each, YN])),
  os_type: /^(Non-)?Windows OS$/,
  priority: /^PRIO_(LOW|HIGH)$/,
  console_vuart: /^(None|COM Port [1-4]|PCI)$/,
};

function parts3x(vm: XmlElement): string[] {
  const load = loadOf(vm);
  const where = `vm ${vm.attributes.get("id")}`;
  const seen = vm.children.map(({ name }) => name);
  const size = find(vm, "memory/size");
  const cores = find(vm, "cpu_affinity")?.children ?? [];
  return [
    ...seen.filter((name, at) => seen.indexOf(name) < at).map((name) => `${where}: two <${name}>`),
    ...seen.filter((name) => !ONLY[name]?.includes(load)).map((name) => `${where}: <${name}> in a ${load} VM`),
    ...vm.children.flatMap((each) => {
      const text = trimSpace(each.value);
      return (VALUES[each.name]?.test(text) ?? true) ? [] : [`${where}: ${each.name} ${text}`];
    }),
    ...(size && !/^\d+$/.test(trimSpace(size.value)) ? [`${where}: memory ${size.value}`] : []),
    ...(load !== "service" && cores.length === 0 ? [`${where}: no pCPU`] : []),
    ...(find(vm, "virtio_devices")?.children ?? []).flatMap((each) => deviceProblems(where, each)),
  ];
}

const DEVICE: Record<string, string[]> = {
  network: ["virtio_framework", "interface_name"],
  input: ["backend_device_file", "id"],
  console: ["use_type", "backend_type", "output_file_path", "sock_file_path", "tty_device_path"],
  gpu: ["display_type", "displays"],
  block: [],
  vsock: [],
};

/** Elements of a sequence stand in its order (network, input); the others only have to be known. */
function deviceProblems(where: string, device: XmlElement): string[] {
  const parts = DEVICE[device.name];
  if (!parts) return [`${where}: device ${device.name}`];
  const at = device.children.map(({ name }) => parts.indexOf(name));
  const ordered =
    device.name === "console" ||
    device.name === "gpu" ||
    at.every((each, index) => index === 0 || each > (at[index - 1] as number));
  return at.includes(-1) || !ordered
    ? [`${where}: ${device.name} with ${device.children.map(({ name }) => name)}`]
    : [];
}

/** What v2.5's schema demands of each VM, and the words of its enumerations. */
function parts2x(vm: XmlElement): string[] {
  const where = `vm ${vm.attributes.get("id")}`;
  const count = (name: string) => vm.children.filter((each) => each.name === name).length;
  const flags = (find(vm, "guest_flags")?.children ?? []).map(({ value }) => trimSpace(value));
  const unknown = flags.filter((each) => !/^(0|0UL|GUEST_FLAG_[A-Z_]+|)$/.test(each));
  return [
    ...(count("clos") === 1 ? [] : [`${where}: ${count("clos")} clos`]),
    ...(count("legacy_vuart") >= 2 ? [] : [`${where}: ${count("legacy_vuart")} legacy_vuart`]),
    ...["vm_type", "name", "guest_flags", "cpu_affinity", "PTM", "epc_section"].flatMap((name) =>
      count(name) > 1 ? [`${where}: two <${name}>`] : [],
    ),
    ...(find(vm, "guest_flags") && flags.length === 0 ? [`${where}: empty guest_flags`] : []),
    ...(flags.length > 1 && flags.some((each) => /^(0|0UL|)$/.test(each)) ? [`${where}: 0 beside a flag`] : []),
    ...unknown.map((each) => `${where}: flag ${each}`),
    ...(/^(SOS_VM|SERVICE_VM|SAFETY_VM|KATA_VM|(PRE|POST)_(STD|RT)_VM)$/.test(said(vm, "vm_type") ?? "")
      ? []
      : [`${where}: vm_type`]),
  ];
}

function said(vm: XmlElement, name: string): string | undefined {
  const element = find(vm, name);
  return element && trimSpace(element.value);
}
