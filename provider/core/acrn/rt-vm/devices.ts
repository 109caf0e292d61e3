import type { PciDevice, Topology } from "../../hardware/types";
import type { Refusal } from "../../plan/types";
import type { VmConfigFromScenario } from "../scenario/vm-config";
import type { RtVmWish } from "./wish";

/** What acrn-dm polls at where nobody says otherwise [3.4-dev launch_cfg_gen.py]. */
export const POLL_DEFAULT = 1_000_000;

type Other = { key: string; passthrough: readonly string[] };

/**
 * A device that an RTVM is to have for itself: on the board, with MSI (T03: its interrupts come as MSI only, reference 7), no iGPU (the
 * device model refuses it), and in no other VM.
 */
export function passthroughRules(wish: RtVmWish, board: Topology | undefined, others: readonly Other[]): Refusal[] {
  const wanted = wish.passthrough ?? [];
  return wanted.flatMap(({ bdf }, at) => {
    const no = (message: string, hint: string): Refusal[] => [
      {
        tip: "T03",
        code: "rtvm.passthrough",
        property: `passthrough[${at}]`,
        message: `${wish.name}: ${message}`,
        hint,
      },
    ];
    if (wanted.findIndex((each) => each.bdf === bdf) !== at) return no(`${bdf} is there twice`, "Name it once.");
    const other = others.find(({ passthrough }) => passthrough.includes(bdf));
    if (other)
      return no(`${bdf} is ${other.key}'s already`, `Take it out of ${other.key} in the scenario, or choose another.`);
    if (!board || board.pci.length === 0) return [];
    const device = board.pci.find((each) => each.bdf === bdf);
    if (!device) return no(`the board has no PCI device ${bdf}`, `It has ${listed(board.pci)}.`);
    if (isGraphics(device))
      return no(`${bdf} is the integrated GPU`, "An RTVM cannot have it: give it to a standard VM.");
    if (!device.msi && told(device))
      return no(
        `${bdf} has neither MSI nor MSI-X, so its interrupts cannot reach an RTVM`,
        `Choose one that has: ${listed(board.pci.filter((d) => d.msi))}.`,
      );
    return [];
  });
}

/** What the board file does not tell is not refused, but said. */
export function passthroughWarnings(wish: RtVmWish, board: Topology | undefined): string[] {
  return (wish.passthrough ?? []).flatMap(({ bdf }) => {
    const device = board?.pci.find((each) => each.bdf === bdf);
    if (device && told(device)) return [];
    const why = device ? "does not tell whether it has MSI" : "lists no PCI devices";
    return board?.pci.length && !device ? [] : [`T03: ${wish.name}: ${bdf}: the board file ${why}: not checked`];
  });
}

/** Polling is what keeps a virtio device of an RTVM from waiting for an interrupt of the Service VM (T02). */
export function pollingRules(
  wish: RtVmWish,
  virtio: VmConfigFromScenario["devices"],
  launched: number | undefined,
): Refusal[] {
  const poll = wish.virtioPoll ?? launched;
  if (virtio.length === 0 || (poll !== undefined && poll > 0)) return [];
  const kinds = [...new Set(virtio.map(({ kind }) => kind))].join(", ");
  return [
    {
      tip: "T02",
      code: "rtvm.polling",
      property: "virtioPoll",
      message: `${wish.name} has virtio devices (${kinds}) and no polling: each access would wait for the Service VM`,
      hint: `Declare \`virtioPoll: ${POLL_DEFAULT}\` (ns), or pass real devices through.`,
    },
  ];
}

/** Without a class the device is told by a text alone, which has no capabilities (board/pci.ts). */
function told({ class: kind }: PciDevice): boolean {
  return kind !== undefined;
}

/** The display controller on bus 0: Intel's integrated GPU (reference 4). */
function isGraphics({ bdf, class: kind }: PciDevice): boolean {
  return bdf.startsWith("00:") && /^0x03(00|80)00$/.test(kind ?? "");
}

function listed(devices: readonly PciDevice[]): string {
  const shown = devices.slice(0, 6).map(({ bdf }) => bdf);
  return shown.length === 0 ? "none" : `${shown.join(", ")}${devices.length > shown.length ? ", ..." : ""}`;
}
