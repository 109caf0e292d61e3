import type { BoardSpec, PciSpec } from "./spec";
import { el, fields, type XmlElementNode, type XmlNode } from "./xml-writer";

/** What a board has where its spec names no devices. */
export const DEFAULT_PCI: readonly PciSpec[] = [
  {
    bdf: "00:02.0",
    class: "0x030000",
    description: "VGA compatible controller: Intel Corporation Lab Graphics (rev 01)",
    msi: true,
  },
  { bdf: "00:14.0", class: "0x0c0330", description: "USB controller: Intel Corporation Lab xHCI (rev 20)", msi: true },
  {
    bdf: "01:00.0",
    class: "0x020000",
    description: "Ethernet controller: Intel Corporation Lab TSN NIC (rev 03)",
    msi: true,
  },
  { bdf: "02:00.0", class: "0x020000", description: "Ethernet controller: Example & Sons Old NIC", msi: false },
];

/** Every PCI function of a built board, host bridge and the bridges to other buses included, by BDF. */
export function pciOf(spec: BoardSpec): Required<PciSpec>[] {
  const told = [...(spec.pci ?? DEFAULT_PCI)];
  const host: PciSpec = {
    bdf: "00:00.0",
    class: "0x060000",
    description: "Host bridge: Intel Corporation Lab Host Bridge (rev 01)",
    msi: false,
  };
  const all = [
    ...(told.some((device) => device.bdf === host.bdf) ? [] : [host]),
    ...told,
    ...bridgesFor(told).map(([, bridge]) => bridge),
  ];
  return all.sort((a, b) => (a.bdf < b.bdf ? -1 : 1)).map(complete);
}

/** One bridge on bus 0 for each other bus, on slots that no device holds: `[bus, bridge]`. */
function bridgesFor(told: PciSpec[]): [string, PciSpec][] {
  const buses = [...new Set(told.map(busOf))].filter((bus) => bus !== "00").sort();
  const taken = new Set(told.map((device) => device.bdf));
  const free: string[] = [];
  for (let slot = 0x1c; slot > 0 && free.length < buses.length; slot--)
    for (let fn = 0; fn < 8; fn++) {
      const bdf = `00:${slot.toString(16).padStart(2, "0")}.${fn}`;
      if (!taken.has(bdf)) free.push(bdf);
    }
  return buses.map((bus, index) => {
    const bdf = free[index] as string;
    return [
      bus,
      {
        bdf,
        class: "0x060400",
        description: `PCI bridge: Intel Corporation Lab Root Port #${index + 1} (rev 20)`,
        msi: true,
      },
    ];
  });
}

function complete(device: PciSpec): Required<PciSpec> {
  const made = `0x${device.bdf.replace(/[:.]/g, "").slice(-4)}`;
  return { vendor: "0x8086", device: made, ...device };
}

/** `PCI_DEVICE`: lspci lines, each followed by its regions. */
export function pciLines(spec: BoardSpec): string[] {
  return pciOf(spec).flatMap(({ bdf, description }, index) => [
    `${bdf} ${description}`,
    `Region 0: Memory at ${(0x50000000 + index * 0x100000).toString(16)} (32-bit, non-prefetchable) [size=1M]`,
  ]);
}

/** `PCI_VID_PID`: the numbers of the same. */
export function pciIdLines(spec: BoardSpec): string[] {
  return pciOf(spec).map(
    (device) => `${device.bdf} ${device.class.slice(2, 6)}: ${device.vendor.slice(2)}:${device.device.slice(2)}`,
  );
}

/** `devices`: the bus tree. 2.x has the PCI root alone, 3.x puts it below the ACPI system bus. */
export function devicesPart(spec: BoardSpec): XmlElementNode {
  const all = pciOf(spec);
  const behind = new Map(bridgesFor([...(spec.pci ?? DEFAULT_PCI)]).map(([bus, bridge]) => [bridge.bdf, bus]));
  const legacy = spec.dialect === "2.x";
  const host = all.find((device) => device.bdf === "00:00.0") as Required<PciSpec>;
  const children = all
    .filter((device) => busOf(device) === "00" && device !== host)
    .map((device) => {
      const bus = behind.get(device.bdf);
      const inner = bus === undefined ? [] : [busElement(bus, all, legacy)];
      return deviceElement(device, legacy, inner);
    });
  const root = el("bus", [...idFields(host), ...acpi(legacy), ...children], {
    ...(legacy ? { type: "pci", address: "0x0", id: host.device } : { id: "PNP0A08", type: "pci", address: "0x0" }),
    description: shortText(host),
  });
  if (legacy) return el("devices", [root]);
  return el("devices", [el("bus", [el("acpi_object", "\\_SB_"), root], { type: "system" })]);
}

function busElement(bus: string, all: Required<PciSpec>[], legacy: boolean): XmlElementNode {
  const devices = all.filter((device) => busOf(device) === bus).map((device) => deviceElement(device, legacy, []));
  return el("bus", devices, { type: "pci", address: `0x${Number.parseInt(bus, 16).toString(16)}` });
}

function deviceElement(device: Required<PciSpec>, legacy: boolean, inner: XmlNode[]): XmlElementNode {
  const [slot, fn] = device.bdf
    .slice(3)
    .split(".")
    .map((part) => Number.parseInt(part, 16)) as [number, number];
  const msi = legacy
    ? el("capability", [el("capability", undefined, { id: "64-bit address" })], { id: "MSI" })
    : el("capability", fields({ count: 1 }), { id: "MSI" });
  const capabilities = [el("capability", undefined, { id: "Power Management" }), ...(device.msi ? [msi] : [])];
  return el("device", [...idFields(device), ...capabilities, ...inner], {
    address: `0x${(slot * 0x10000 + fn).toString(16)}`,
    id: device.device,
    description: legacy ? shortText(device) : `${device.bdf} ${shortText(device)}`,
  });
}

/** ACPI names slots on the bus that nothing sits in; readers must not take them for devices. */
function acpi(legacy: boolean): XmlNode[] {
  if (legacy) return [];
  const status = el("status", fields({ present: "n", enabled: "n", functioning: "n" }));
  const slot = el("device", [el("acpi_object", "\\_SB_.PC00.PEG1"), status], { address: "0x1f0007" });
  return [el("acpi_object", "\\_SB_.PC00"), slot];
}

function idFields(device: Required<PciSpec>): XmlNode[] {
  return fields({ vendor: device.vendor, identifier: device.device, class: device.class });
}

/** The structured part leaves the revision out. */
function shortText(device: PciSpec): string {
  return device.description.replace(/ \(rev [0-9a-f]{2}\)$/, "");
}

function busOf(device: PciSpec): string {
  return device.bdf.slice(0, 2);
}
