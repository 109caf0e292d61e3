import type { Loader, VirtualDevice, VmConfig } from "../../core/acrn/launch/types";
import { mebibytes } from "../../core/acrn/rt-vm/memory";
import type { RtVmWish } from "../../core/acrn/rt-vm/wish";
import { OVMF, readVmConfig } from "../../core/acrn/scenario/vm-config";
import type { PciDevice } from "../../core/hardware/types";
import type { View } from "../kind";
import { type RtVmArgs, scriptOf } from "./schema";

/** MiB, where neither program nor scenario say [3.4-dev schema/VMtypes.xsd]. */
const DEFAULT_MEMORY = 1024;

/** The declaration in ACRN's own words, for the rules. */
export function wishOf(args: RtVmArgs): RtVmWish {
  const { name, memory, virtioPoll, loader, dmArgs, passthrough } = args;
  const kernel = typeof loader === "object" && "kernel" in loader ? kernelOf(loader) : undefined;
  const virtio = virtioOf(args);
  return {
    name,
    pcpus: ascending(args.partition.pcpus[name] ?? []),
    ...(memory === undefined ? {} : { memoryMb: mebibytes(memory) as number }),
    ...(virtioPoll === undefined ? {} : { virtioPoll }),
    ...(virtio ? { virtio } : {}),
    ...(passthrough
      ? { passthrough: passthrough.map((each) => (typeof each === "string" ? { bdf: each } : given(each))) }
      : {}),
    ...(kernel ? { kernel } : {}),
    dmArgs,
  };
}

function kernelOf(loader: { kernel: string; args: string; ramdisk?: string | undefined }) {
  const { kernel: image, args, ramdisk } = loader;
  return ramdisk === undefined ? { image, args } : { image, args, ramdisk };
}

function given({ bdf, options }: { bdf: string; options?: string | undefined }) {
  return options === undefined ? { bdf } : { bdf, options };
}

/** Undefined: not declared, so what the scenario has stays. */
export function virtioOf({ virtio }: RtVmArgs): VirtualDevice[] | undefined {
  if (!virtio) return undefined;
  const { block = [], network = [], console = [], input = [], vsock } = virtio;
  return [
    ...input.map(({ device, id }) => ({ kind: "input" as const, device, ...(id === undefined ? {} : { id }) })),
    ...console.map((config) => ({ kind: "console" as const, config })),
    ...network.map(({ tap, vhost, mac }) => ({
      kind: "network" as const,
      tap,
      vhost,
      ...(mac === undefined ? {} : { mac }),
    })),
    ...block.map((each) => ({ kind: "block" as const, ...(typeof each === "string" ? { path: each } : each) })),
    ...(vsock === undefined ? [] : [{ kind: "vsock" as const, cid: vsock }]),
  ];
}

export function loaderOf({ loader }: RtVmArgs): Loader | undefined {
  if (loader === undefined) return undefined;
  if (loader === "ovmf") return { how: "ovmf", file: OVMF };
  if ("ovmf" in loader) return { how: "ovmf", file: loader.ovmf, ...(loader.vars ? { vars: loader.vars } : {}) };
  return { how: "kernel", ...kernelOf(loader) };
}

/** What an owned script is made of: the scenario as the plan leaves it, and on top what only the launch knows. */
export function configOf(
  view: View,
  args: RtVmArgs,
  wish: RtVmWish,
  scenario: { text: string; file: string },
): VmConfig {
  const { pci } = view.topology();
  const { name: _key, ...said } = readVmConfig(scenario.text, scenario.file, args.name, pci);
  const { id: _id, load: _load, problems: _problems, ...own } = said;
  const apicIds = apicIdsOf(view, wish.pcpus);
  const loader = loaderOf(args) ?? own.loader ?? { how: "ovmf" as const, file: OVMF };
  return {
    ...own,
    name: args.name,
    realtime: true,
    lapicPassthrough: args.lapicPassthrough,
    windows: own.windows ?? false,
    vuart0: own.vuart0 ?? false,
    pcpus: wish.pcpus,
    ...(apicIds ? { apicIds } : {}),
    memoryMb: wish.memoryMb ?? own.memoryMb ?? DEFAULT_MEMORY,
    loader,
    ...(wish.virtioPoll === undefined ? {} : { virtioPoll: wish.virtioPoll }),
    devices: (wish.virtio ? withOwn(own.devices, wish.virtio) : own.devices).map((each) => placed(each, args)),
    passthrough: wish.passthrough ? passthroughOf(own.passthrough, wish.passthrough, pci) : own.passthrough,
    dmArgs: [...own.dmArgs, ...wish.dmArgs],
  };
}

/** A disk by a relative path lies beside the script: wherever that is started from, it finds the same file. */
function placed(device: VirtualDevice, args: RtVmArgs): VirtualDevice {
  if (device.kind !== "block" || device.partition !== undefined || device.path.startsWith("/")) return device;
  const { path } = scriptOf(args);
  const beside = device.path.replace(/^(?:\.\/)+/, "");
  return { ...device, path: `${path.slice(0, path.lastIndexOf("/"))}/${beside}` };
}

const VIRTIO = new Set(["input", "console", "network", "block", "vsock", "gpu"]);

/** Declared virtio devices take the place of those that the scenario has; what is not virtio stays. */
function withOwn(said: readonly VirtualDevice[], own: readonly VirtualDevice[]): VirtualDevice[] {
  return [...said.filter(({ kind }) => !VIRTIO.has(kind)), ...own];
}

/** As the scenario has them (3.x) with the options that only a launch knows; of 2.x, whose scenarios name none, as the board tells them. */
function passthroughOf(
  said: VmConfig["passthrough"],
  wanted: NonNullable<RtVmWish["passthrough"]>,
  pci: readonly PciDevice[],
): VmConfig["passthrough"] {
  return wanted.map(({ bdf, options }) => {
    const gpu = /^0x03/.test(pci.find((each) => each.bdf === bdf)?.class ?? "");
    const device = said.find((each) => each.bdf === bdf) ?? { bdf, gpu, ptm: false };
    return options === undefined ? device : { ...device, options };
  });
}

/** Undefined where the board does not tell all of them: then a 3.x script cannot name its CPUs. */
export function apicIdsOf(view: View, pcpus: readonly number[]): number[] | undefined {
  const known = view.topology().pcpus;
  const ids = pcpus.flatMap((id) => known.find((each) => each.id === id)?.apicId ?? []);
  return ids.length === pcpus.length ? ids.sort((a, b) => a - b) : undefined;
}

function ascending(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b);
}
