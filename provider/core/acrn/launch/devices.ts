import type { Dialect } from "../types";
import type { DmArgument, DmValue } from "./argument";
import { mountPoint } from "./mount-point";
import type { PassthroughDevice, VirtualDevice, VmConfig } from "./types";

/** `-s <slot>,<driver>[,<config>]`; an empty config is left out with its comma. */
export function device(slot: number | string, ...config: readonly string[]): DmArgument {
  return { option: "-s", value: [slot, ...config.filter((part) => part !== "")].join(",") };
}

/** Devices that are there to be polled under an RTVM (T02). vhost-vsock is none of them. [launch_cfg_gen.py add_virtual_device] */
export function isVirtio({ kind }: VirtualDevice): boolean {
  return ["input", "console", "network", "block", "gpu"].includes(kind);
}

/** One virtual device at its slot. */
export function virtualDevice(vm: VmConfig, of: VirtualDevice, slot: number): DmArgument {
  switch (of.kind) {
    case "ivshmem":
      return device(slot, "ivshmem", of.region);
    case "vuart":
      return device(slot, "uart", `vuart_idx:${of.index}`);
    case "xhci":
      return device(slot, "xhci", of.ports);
    case "input":
      return { option: "-s", value: input(of, slot) };
    case "console":
      return device(slot, "virtio-console", of.config);
    case "network":
      return { option: "-s", value: network(vm, of, slot) };
    case "block":
      return device(slot, "virtio-blk", diskOf(vm, of));
    case "gpu":
      return device(slot, "virtio-gpu", of.config);
    case "vsock":
      return device(slot, "vhost-vsock", `cid=${of.cid}`);
  }
}

/** Where acrn-dm finds the disk; a path on a partition counts from that partition's root. */
export function diskOf(vm: VmConfig, { path, partition }: VirtualDevice & { kind: "block" }): string {
  return partition === undefined ? path : `${mountPoint(vm, partition)}/${path.replace(/^\/+/, "")}`;
}

/** What the configurator writes for a device that is known by name. [launch_script_template.sh add_virtual_device] */
const DESCRIBED = /^Device name: (.*), ?Device physical path: (.*)$/s;

function input({ device: of, id }: VirtualDevice & { kind: "input" }, slot: number): DmValue {
  const [before, after] = [`${slot},virtio-input,`, id === undefined ? "" : `,${id}`];
  const described = DESCRIBED.exec(of);
  if (!described) return `${before}${of}${after}`;
  return { before, after, input: { name: described[1] as string, phys: described[2] as string } };
}

/**
 * 3.x names the interface `tap=` and takes the seed of the MAC address here; 2.x takes the interface alone, and one seed for the VM.
 * In 3.x acrn-dm finds the seed only right behind the interface [virtio_net.c virtio_net_init]: with `vhost` or `mac=` between them, as the
 * generator writes it, the address comes from the slot alone. It is written like that all the same, so that a guest keeps its address.
 */
function network(vm: VmConfig, { tap, mac, vhost }: VirtualDevice & { kind: "network" }, slot: number): DmValue {
  const options = [...(mac === undefined ? [] : [`mac=${mac}`]), ...(vhost ? ["vhost"] : [])];
  if (vm.dialect === "2.x") return [`${slot},virtio-net,${tap}`, ...options].join(",");
  return { before: [`${slot},virtio-net,tap=${tap}`, ...options, "mac_seed="].join(","), after: `-${vm.name}` };
}

/** `-s <slot>,passthru,<bus>/<device>/<function>[,<options>]`, all in hex; 2.x keeps the leading zeros. */
export function passthroughDevice(dialect: Dialect, of: PassthroughDevice, slot: number): DmArgument {
  const address = of.bdf
    .split(/[:.]/)
    .map((part) => (dialect === "3.x" || of.gpu ? part.replace(/^0(?=.)/, "") : part));
  return device(slot, "passthru", address.join("/"), of.ptm ? "enable_ptm" : "", of.options ?? "");
}
