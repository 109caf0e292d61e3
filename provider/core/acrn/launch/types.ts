import type { Dialect } from "../types";

/**
 * One post-launched VM as its launch needs it: what the scenario says of it (3.x), with what a program declares on top. In 2.x a scenario
 * says little of launches, so most of it is declared. Defaults are those of ACRN's schema [3.4-dev misc/config_tools/schema/VMtypes.xsd].
 */
export interface VmConfig {
  /** As acrn-dm is given it. */
  name: string;
  dialect: Dialect;
  /** 2.x up to v2.6 tells VMs apart by it (`acrn-dm -U`). */
  uuid?: string;
  realtime: boolean;
  lapicPassthrough: boolean;
  /** 3.2+ `own_pcpu`. */
  ownPcpu: boolean;
  /** `hv/FEATURES/SCHEDULER`: under SCHED_NOOP every VM's CPUs leave the Service VM. */
  scheduler?: string;
  /** pCPU ids (Linux CPU numbers of the board), ascending. */
  pcpus: readonly number[];
  /** APIC ids of `pcpus` as the board tells them, ascending by number; what 3.x launches name. Undefined where the board does not tell. */
  apicIds?: readonly number[];
  /** MiB. @default 1024 */
  memoryMb: number;
  windows: boolean;
  loader: Loader;
  /** A serial port on stdio (`-l com1,stdio`). */
  vuart0: boolean;
  /** Polling interval of virtio devices in ns; 0: none. Undefined: the generator's habit (an RTVM with virtio devices polls at 1000000). */
  virtioPoll?: number;
  /** In the order in which the generator emits them within their kind. */
  devices: readonly VirtualDevice[];
  passthrough: readonly PassthroughDevice[];
  /** Further arguments, each one word, before the VM's name. */
  dmArgs: readonly string[];
}

/** OVMF from a file, else a kernel that acrn-dm boots itself (`-k`, `-B`, `-r`). */
export type Loader =
  | {
      how: "ovmf";
      /** The whole firmware (OVMF.fd); with `vars` the code alone (OVMF_CODE.fd): acrn-dm takes either one file or both parts. */
      file: string;
      /** NVRAM that outlives a power cycle (7b): `code=<file>,vars=<vars>,w`. */
      vars?: string;
    }
  | { how: "kernel"; image: string; args: string; ramdisk?: string }
  | { how: "none" };

/** `slot`: the scenario reserves it (VBDF); every other device takes the next free one. */
export type VirtualDevice = {
  /** Its device number on the guest's PCI bus where that is given (a VBDF of the scenario). Undefined: the next that is free. */
  slot?: number;
} /** `hv:/name,2` or `dm:/name,2`, as acrn-dm takes it; from v3.3 on with the region's id behind it where it has one. */ & (
  | { kind: "ivshmem"; region: string; slot?: number }
  /** A PCI vUART of the scenario (`uart,vuart_idx:<n>`). */
  | { kind: "vuart"; index: number; slot?: number }
  /** `1-2:2-4`: bus and port of what is handed over. */
  | { kind: "xhci"; ports: string }
  | { kind: "input"; device: string; id?: string }
  /** As acrn-dm's virtio-console takes it, without the driver: `@stdio:stdio_port`. */
  | { kind: "console"; config: string }
  /** `tap`: interface that is made if it is not there. */
  | { kind: "network"; tap: string; vhost: boolean; mac?: string }
  /** An image file, or a partition that is mounted first and a file on it. */
  | { kind: "block"; path: string; partition?: string }
  | { kind: "gpu"; config: string }
  | { kind: "vsock"; cid: number }
);

export interface PassthroughDevice {
  /** `02:00.0`, lower-case hex. */
  bdf: string;
  /** A display (class 0x03): slot 2, and no interrupt monitor. */
  gpu: boolean;
  /** Precision time measurement: an Ethernet device of a VM with `PTM` y. */
  ptm: boolean;
  /** Further options of `-s slot,passthru,...`. */
  options?: string;
  /** As for a virtual device. */
  slot?: number;
}
