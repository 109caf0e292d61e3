import type { Snapshot } from "../../snapshot";
import type { Evidence } from "../evidence";

/**
 * Is a VM running? No acrn-dm does not mean off: of an RTVM whose acrn-dm was killed the hypervisor lets the guest run on, an orphan, and
 * refuses another one (reference 7b, [v3.3 hypervisor/arch/x86/guest/vm.c pause_vm]). So off needs a proof.
 */
export type Liveness =
  | { state: "running"; pid: number; why: string }
  | { state: "off"; why: string }
  | { state: "unknown"; why: string };

/** Where a launch of ours records how acrn-dm ended; below /run, so a boot begins without. */
export const RECORDS = "/run/pulumi-acrn/vms";

export interface LivenessInput {
  snapshot: Snapshot;
  evidence: Evidence;
  /** Service VM numbers of the CPUs that the VM's pCPUs are, where the board and /proc/cpuinfo tell; undefined: not known. */
  cpus: readonly number[] | undefined;
}

export function livenessOf(vm: string, { snapshot, evidence, cpus }: LivenessInput): Liveness {
  const { running } = evidence;
  if (!running.known) return { state: "unknown", why: running.why };
  const process = running.vms.find(({ name }) => name === vm);
  if (process) return { state: "running", pid: process.pid, why: `acrn-dm ${process.pid} is alive` };
  const record = recordOf(vm, snapshot);
  // a record of an older launch says nothing of one by hand that was killed since
  if (socketsOf(snapshot)?.some((name) => name.startsWith(`${vm}.monitor.`))) return { state: "unknown", why: KILLED };
  if (record?.boot === snapshot.identity.bootId && record?.word === "ended")
    return record.status === 0
      ? { state: "off", why: "its acrn-dm ended by itself in this boot, with status 0" }
      : { state: "unknown", why: `its acrn-dm ended with status ${record.status}: the guest may run on` };
  if (record?.boot === snapshot.identity.bootId && record?.word === "started")
    return {
      state: "unknown",
      why: "it was started in this boot, and nobody recorded an end: killed, so the guest may run on",
    };
  return neverLaunched(snapshot, cpus);
}

const KILLED =
  "a socket of its acrn-dm is left in /run/acrn/mngr, and no such process: killed, so the guest may run on";

/** acrn-dm removes its own whenever it ends by itself [devicemodel/core/main.c vm_deinit_vdevs, monitor_close]. */
function socketsOf(snapshot: Snapshot): string[] | undefined {
  return snapshot.texts.get("run/acrn/mngr")?.split("\n");
}

/** VMs that were launched in this boot, whatever scenario they are of: by the record of a launch of ours, or by the socket of their acrn-dm. */
export function launchedVms(snapshot: Snapshot): string[] {
  const records = [...snapshot.files.keys()].filter((path) => path.startsWith(`${RECORDS}/`));
  const recorded = records.map((path) => path.slice(RECORDS.length + 1));
  const sockets = socketsOf(snapshot) ?? [];
  return [...recorded, ...sockets.flatMap((name) => /^(.+)\.monitor\.\d+\.socket$/.exec(name)?.[1] ?? [])];
}

/** `started <boot_id> <pid>` or `ended <boot_id> <status>`. */
function recordOf(vm: string, snapshot: Snapshot): { word: string; boot: string; status: number } | undefined {
  const bytes = snapshot.files.get(`${RECORDS}/${vm}`)?.bytes;
  const match = bytes && /^(started|ended) (\S+) (\d+)\n?$/.exec(Buffer.from(bytes).toString("latin1"));
  return match ? { word: match[1] as string, boot: match[2] as string, status: Number(match[3]) } : undefined;
}

/**
 * Nothing was launched in this boot: a launch takes the VM's CPUs from the Service VM, and nothing gives one back before the next boot
 * (reference 1.5); and acrn-dm's socket, which a killed one leaves behind, is not there either.
 */
function neverLaunched(snapshot: Snapshot, cpus: readonly number[] | undefined): Liveness {
  const sockets = socketsOf(snapshot);
  const offline = snapshot.texts.get("sys/devices/system/cpu/offline");
  if (cpus === undefined || cpus.length === 0 || offline === undefined || sockets === undefined)
    return { state: "unknown", why: "no acrn-dm, and no record of a clean end: it is off, or an orphan" };
  const taken = cpus.filter((cpu) => inList(offline.trim(), cpu));
  if (taken.length > 0)
    return {
      state: "unknown",
      why: `no acrn-dm, no record of a clean end, and CPU ${taken.join(",")} was handed over in this boot: it is off, or an orphan`,
    };
  return {
    state: "off",
    why: `nothing launched it in this boot: the Service VM still has CPU ${cpus.join(",")}, and no socket of an acrn-dm is left`,
  };
}

function inList(list: string, cpu: number): boolean {
  if (list === "") return false; // none is offline
  return list.split(",").some((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return first !== undefined && first <= cpu && cpu <= (last as number);
  });
}
