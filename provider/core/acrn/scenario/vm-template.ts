import { child, trimSpace, type XmlElement, type XmlSpec } from "../../xml";
import { defaultMemory } from "./memory-text";
import type { OpenScenario } from "./open";
import { ORDER } from "./vm-place";

const leaf = (name: string, text = ""): XmlSpec => ({ name, text });
const branch = (name: string, ...children: XmlSpec[]): XmlSpec => ({ name, children });

/** A part of a new VM: always, or only where the file's other VMs spell it out too. */
interface Part {
  always?: true;
  specs: XmlSpec[];
}

/**
 * The children of a new post-launched VM, in the order of `model`. What has a field of its own (cores, LAPIC passthrough, devices)
 * comes with that field; the rest has ACRN's defaults, so that the build accepts it and fills in what is not spelt out.
 */
export function newVm(scenario: OpenScenario, model: XmlElement, name: string, realtime: boolean): XmlSpec[] {
  const parts =
    scenario.dialect === "3.x" ? parts3x(scenario, name, realtime) : parts2x(scenario, model, name, realtime);
  const usual = [...new Set(model.children.map((each) => each.name))];
  const names = [...parts.keys()].filter((each) => parts.get(each)?.always || usual.includes(each));
  const placed = usual.filter((each) => names.includes(each));
  for (const each of names.filter((other) => !usual.includes(other))) {
    const before = ORDER.slice(0, ORDER.indexOf(each));
    placed.splice(placed.findLastIndex((other) => before.includes(other)) + 1, 0, each);
  }
  return placed.flatMap((each) => parts.get(each)?.specs ?? []);
}

/** Defaults: [3.4-dev misc/config_tools/schema/config.xsd VMConfigType]. PTM and console_vuart are left to the build. */
function parts3x(scenario: OpenScenario, name: string, realtime: boolean): Map<string, Part> {
  const always = (spec: XmlSpec): [string, Part] => [spec.name, { always: true, specs: [spec] }];
  const usual = (each: string, text?: string): [string, Part] => [each, { specs: [leaf(each, text)] }];
  return new Map([
    always(leaf("load_order", "POST_LAUNCHED_VM")),
    always(leaf("vm_type", realtime ? "RTVM" : "STANDARD_VM")),
    always(leaf("name", name)),
    always(branch("memory", leaf("size", String(defaultMemory(scenario))))),
    always(leaf("os_type", "Non-Windows OS")),
    always(leaf("vbootloader", "y")),
    always(leaf("vuart0", "n")),
    usual("own_pcpu", "n"),
    usual("priority", "PRIO_LOW"),
    usual("bvt_weight", "1"),
    usual("companion_vmid", "65535"),
    usual("usb_xhci"),
    usual("virtio_devices"),
  ]);
}

/**
 * [v2.5 misc/config_tools/schema/config.xsd VMConfigType]: clos and the two legacy vUARTs are required, and so are the PCI vUARTs in the
 * versions that have them. Connections are off; COM1 is what the file's other post-launched VMs have.
 */
function parts2x(scenario: OpenScenario, model: XmlElement, name: string, realtime: boolean): Map<string, Part> {
  const service = scenario.vms.find(({ view }) => view.load === "service")?.view.id ?? 0;
  const target = [leaf("target_vm_id", String(service)), leaf("target_uart_id", "1")];
  const com = (id: number, base: string, ...more: XmlSpec[]): XmlSpec => ({
    name: "legacy_vuart",
    attributes: { id: String(id) },
    children: [leaf("type", "VUART_LEGACY_PIO"), leaf("base", base), leaf("irq", `COM${id + 1}_IRQ`), ...more],
  });
  const pci = (each: string, id: string, ...more: XmlSpec[]): XmlSpec => ({
    name: each,
    attributes: { id },
    children: [leaf("base", "INVALID_PCI_BASE"), ...more],
  });
  const type = realtime ? "POST_RT_VM" : "POST_STD_VM";
  return new Map<string, Part>([
    ["vm_type", { always: true, specs: [leaf("vm_type", type)] }],
    ["name", { always: true, specs: [leaf("name", name)] }],
    ["guest_flags", { always: true, specs: [branch("guest_flags", leaf("guest_flag", "0"))] }],
    ["clos", { always: true, specs: [branch("clos", leaf("vcpu_clos", "0"))] }],
    ["epc_section", { specs: [branch("epc_section", leaf("base", "0"), leaf("size", "0"))] }],
    ["priority", { specs: [leaf("priority", "PRIO_LOW")] }],
    ["legacy_vuart", { always: true, specs: [com(0, com1Of(model)), com(1, "INVALID_COM_BASE", ...target)] }],
    ["console_vuart", { specs: [pci("console_vuart", "0")] }],
    ["communication_vuart", { specs: [pci("communication_vuart", "1", ...target)] }],
    ["PTM", { specs: [leaf("PTM", "n")] }],
  ]);
}

function com1Of(model: XmlElement): string {
  const vuart = child(model, "legacy_vuart");
  return trimSpace((vuart && child(vuart, "base")?.value) ?? "") === "COM1_BASE" ? "COM1_BASE" : "INVALID_COM_BASE";
}
