import type { PciDevice } from "../../hardware/types";
import { child, childrenNamed, descendantsNamed, type XmlElement } from "../../xml";
import { type BoardFile, hexNumber, refuse, textOf } from "./query";

/**
 * PCI functions, by BDF. The structured part (v2.5 on) knows capabilities; the text `PCI_DEVICE` has the wording that
 * scenario files repeat (`(rev 01)` at the end), so its description wins where both are there.
 */
export function readPci(board: BoardFile): PciDevice[] {
  const lines = readPciLines(board);
  const structured = readPciTree(board, lines);
  const known = new Set(structured.map((device) => device.bdf));
  const textOnly = [...lines].filter(([bdf]) => !known.has(bdf));
  sayTextOnly(board, textOnly.length, lines.size, structured.length);
  const rest = textOnly.map(
    ([bdf, description]): PciDevice => ({ bdf, description, ...idsOf(board, bdf), msi: false }),
  );
  return [...structured, ...rest].sort((a, b) => (a.bdf < b.bdf ? -1 : a.bdf > b.bdf ? 1 : 0));
}

function sayTextOnly(board: BoardFile, textOnly: number, lines: number, structured: number): void {
  if (lines + structured === 0)
    board.missing.push("The file lists no PCI devices: whether a device can be passed through cannot be decided.");
  else if (textOnly > 0)
    board.missing.push(
      `${textOnly} PCI devices are told by the text PCI_DEVICE alone, without capabilities: whether they have MSI cannot be decided; they count as without.`,
    );
}

/** Lines that start with a BDF; between them stand `Region` lines. lspci's own format, lower-case hex. */
const PCI_LINE = /^([0-9a-f]{2}:[01][0-9a-f]\.[0-7]) \S/;

function readPciLines(board: BoardFile): Map<string, string> {
  const lines = new Map<string, string>();
  for (const line of (textOf(board.root, "PCI_DEVICE") ?? "").split("\n").map((text) => text.trim())) {
    const bdf = PCI_LINE.exec(line)?.[1];
    if (bdf !== undefined && !lines.has(bdf)) lines.set(bdf, line);
  }
  return lines;
}

/** `00:02.0 0300: 8086:9a49 (rev 01)` of PCI_VID_PID. */
function idsOf(board: BoardFile, bdf: string): Pick<PciDevice, "vendor" | "device"> {
  const line = (textOf(board.root, "PCI_VID_PID") ?? "").split("\n").find((text) => text.trim().startsWith(`${bdf} `));
  const ids = /^\S+ [0-9a-f]{4}: ([0-9a-f]{4}):([0-9a-f]{4})/.exec(line?.trim() ?? "");
  return ids ? { vendor: `0x${ids[1]}`, device: `0x${ids[2]}` } : {};
}

/**
 * `bus[@type='pci']/device` with an address. ACPI names devices on these buses that no PCI function backs (disabled
 * slots, sub-devices): only what lspci saw carries `vendor`. The host bridge 00:00.0 is the bus element itself.
 * [misc/config_tools/board_inspector/extractors]
 */
function readPciTree(board: BoardFile, lines: Map<string, string>): PciDevice[] {
  const part = child(board.root, "devices");
  const found = new Map<string, PciDevice>();
  for (const bus of part ? descendantsNamed(part, "bus") : []) {
    if (bus.attributes.get("type") !== "pci") continue;
    const busNumber = hexNumber(bus.attributes.get("address"));
    if (busNumber === undefined || busNumber > 0xff)
      throw refuse(board, bus, "board.pci.address", "a PCI <bus> has no address between 0x0 and 0xff");
    for (const at of [bus, ...childrenNamed(bus, "device")]) {
      if (!child(at, "vendor")) continue;
      const device = readDevice(board, at, busNumber, at === bus ? 0 : hexNumber(at.attributes.get("address")), lines);
      if (found.has(device.bdf)) throw refuse(board, at, "board.pci.duplicate", `two PCI devices are at ${device.bdf}`);
      found.set(device.bdf, device);
    }
  }
  return [...found.values()];
}

/** `address` is 0xDDDDFFFF, as `_ADR` of ACPI 6.1 for PCI: device in the high word, function in the low. */
function readDevice(
  board: BoardFile,
  at: XmlElement,
  bus: number,
  address: number | undefined,
  lines: Map<string, string>,
): PciDevice {
  const [slot, fn] = [(address ?? -1) >>> 16, (address ?? -1) & 0xffff];
  if (address === undefined || slot > 0x1f || fn > 7)
    throw refuse(board, at, "board.pci.address", "a PCI <device> has no address 0xDDDDFFFF (device, function)");
  const bdf = `${hex2(bus)}:${hex2(slot)}.${fn}`;
  const told = at.attributes.get("description") ?? "";
  const description = lines.get(bdf) ?? (told.startsWith(`${bdf} `) ? told : `${bdf} ${told}`.trim());
  const device: PciDevice = { bdf, description, msi: hasMsi(at) };
  const [pciClass, vendor, id] = [textOf(at, "class"), textOf(at, "vendor"), textOf(at, "identifier")];
  if (pciClass) device.class = pciClass;
  if (vendor) device.vendor = vendor;
  if (id) device.device = id;
  return device;
}

/** Own capabilities only: below a bridge stand the devices behind it, with theirs. */
function hasMsi(at: XmlElement): boolean {
  return childrenNamed(at, "capability").some((each) => /^MSI(-X)?$/.test(each.attributes.get("id") ?? ""));
}

function hex2(value: number): string {
  return value.toString(16).padStart(2, "0");
}
