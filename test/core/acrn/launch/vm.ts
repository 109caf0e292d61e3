import type { VirtualDevice, VmConfig } from "../../../../provider/core/acrn/launch";

/** A small RTVM of 3.x; tests change what they are about. */
export function rtvm(changes: Partial<VmConfig> = {}): VmConfig {
  return {
    name: "RT1",
    dialect: "3.x",
    realtime: true,
    lapicPassthrough: true,
    ownPcpu: false,
    scheduler: "SCHED_BVT",
    pcpus: [2, 3],
    apicIds: [4, 6],
    memoryMb: 512,
    windows: false,
    loader: { how: "none" },
    vuart0: false,
    devices: [],
    passthrough: [],
    dmArgs: [],
    ...changes,
  };
}

/** One device of each kind, in an order that no generator has. */
export const EVERY_DEVICE: VirtualDevice[] = [
  { kind: "vsock", cid: 5 },
  { kind: "gpu", config: "geometry=fullscreen:0" },
  { kind: "block", path: "/home/a.img,writeback" },
  { kind: "network", tap: "tap0", vhost: true, mac: "02:00:00:00:00:09" },
  { kind: "console", config: "@stdio:stdio_port" },
  { kind: "input", device: "/dev/input/event3", id: "kbd" },
  { kind: "xhci", ports: "1-2,2-4" },
  { kind: "vuart", index: 1, slot: 3 },
  { kind: "ivshmem", region: "hv:/shm,2", slot: 8 },
];
