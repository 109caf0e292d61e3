import { child, childrenNamed, descendantsNamed, find, trimSpace, type XmlElement } from "../../xml";
import type { VirtualDevice } from "../launch/types";
import type { OpenScenario } from "./open";
import { virtioDevicesOf } from "./vm-virtio";

/**
 * The emulated devices of a 3.x VM in the order in which the generator emits them: shared memory and vUARTs first, which
 * have slots of their own, then what takes the next free slot [3.4-dev launch_cfg_gen.py generate_for_one_vm].
 */
export function virtualDevicesOf(scenario: OpenScenario, vm: XmlElement, problems: string[]): VirtualDevice[] {
  const name = textOf(vm, "name");
  return [...sharedMemory(scenario, name), ...vuarts(scenario, vm, name), ...usb(vm), ...virtioDevicesOf(vm, problems)];
}

/** Regions of the device model come before those of the hypervisor. */
function sharedMemory({ doc }: OpenScenario, vm: string): VirtualDevice[] {
  const info = find(doc.root, "hv/FEATURES/IVSHMEM");
  const regions = (info ? childrenNamed(info, "IVSHMEM_REGION") : []).filter((region) =>
    descendantsNamed(region, "VM_NAME").some(({ value }) => trimSpace(value) === vm),
  );
  const by = (region: XmlElement) => textOf(region, "PROVIDED_BY") || "Hypervisor";
  return [
    ...regions.filter((region) => by(region) === "Device Model").map((region) => regionOf(region, "dm")),
    ...regions.filter((region) => by(region) === "Hypervisor").map((region) => regionOf(region, "hv")),
  ];
}

/**
 * `hv:/name,MB`, with the region's id behind it where it has one (v3.3 on; acrn-dm takes none as 0). The slot is that of
 * the region's first VBDF, whosever it is: so the generator does.
 */
function regionOf(region: XmlElement, prefix: "dm" | "hv"): VirtualDevice {
  const id = textOf(region, "IVSHMEM_REGION_ID");
  const words = [`${prefix}:/${textOf(region, "NAME")}`, textOf(region, "IVSHMEM_SIZE") || "2", ...(id ? [id] : [])];
  return { kind: "ivshmem", region: words.join(), ...slotOf(descendantsNamed(region, "VBDF")[0]) };
}

/** Connections are counted from 1, legacy ones too; 0 is the console. */
function vuarts({ doc }: OpenScenario, vm: XmlElement, name: string): VirtualDevice[] {
  const all = find(doc.root, "hv/vuart_connections");
  const ends = (all ? childrenNamed(all, "vuart_connection") : []).flatMap((connection) => {
    const end = childrenNamed(connection, "endpoint").find((each) => textOf(each, "vm_name") === name);
    return end ? [{ pci: textOf(connection, "type") === "pci", end }] : [];
  });
  const console: VirtualDevice[] = textOf(vm, "console_vuart") === "PCI" ? [{ kind: "vuart", index: 0 }] : [];
  const connected = ends.map(({ pci, end }, at) => ({ pci, index: at + 1, slot: slotOf(child(end, "vbdf")) }));
  return [
    ...console,
    ...connected.filter(({ pci }) => pci).map(({ index, slot }): VirtualDevice => ({ kind: "vuart", index, ...slot })),
  ];
}

/** `00:0a.0` -> 10. */
function slotOf(vbdf: XmlElement | undefined): { slot?: number } {
  const device = /^[0-9A-Fa-f]{1,2}:([01][0-9A-Fa-f])\.[0-7]$/.exec(trimSpace(vbdf?.value ?? ""))?.[1];
  return device === undefined ? {} : { slot: Number.parseInt(device, 16) };
}

/** One controller with all ports; what follows the port in the text is a description. */
function usb(vm: XmlElement): VirtualDevice[] {
  const list = child(vm, "usb_xhci");
  const ports = (list ? childrenNamed(list, "usb_dev") : [])
    .map(({ value }) => trimSpace(value).split(" ")[0] ?? "")
    .filter((port) => port !== "");
  return ports.length > 0 ? [{ kind: "xhci", ports: ports.join() }] : [];
}

function textOf(element: XmlElement, name: string): string {
  return trimSpace(child(element, name)?.value ?? "");
}
