import type { Topology } from "../hardware/types";
import { machineKey, type Snapshot } from "../snapshot";
import type { Evidence } from "./evidence";
import type { Scenario } from "./types";

/** Known, or unknown with the reason: never a guess. */
export type Known<T> = { known: true; value: T } | { known: false; why: string };

/** What one read of a host tells. Of VMs it says what was built, not what is planned: that is the resources' part. */
export interface HostFacts {
  /** machine-id, with the product_uuid where it can be read; never an address. */
  machine: string;
  kind: "live" | "folder";
  /** From the name of the one hypervisor image in /boot, e.g. `3.3`. */
  acrnVersion: Known<string>;
  /** True in the Service VM of a running ACRN. */
  hypervisor: Known<boolean>;
  dialect: Known<"2.x" | "3.x">;
  board: Known<string>;
  pcpus: Known<Topology["pcpus"]>;
  cores: Known<Topology["cores"]>;
  /** From L2 on: an L1 belongs to one core and can neither be shared with another nor divided. */
  caches: Known<Topology["caches"]>;
  /** The VMs of the record. */
  vms: Known<{ name: string; id: number; load: string; realtime: boolean; pcpus: number[] | null }[]>;
  /** Names of the post-launched VMs that have an acrn-dm. */
  runningVms: Known<string[]>;
  /** Whether the record is what the running image was built from. */
  built: Known<string>;
}

/** Parses that may fail are passed as functions: one broken file makes its own facts unknown and no others. */
export interface FactSources {
  snapshot: Snapshot;
  evidence: Evidence;
  topology(): Topology;
  record(): Scenario;
}

export function factsOf({ snapshot, evidence, topology, record }: FactSources): HostFacts {
  return {
    machine: machineKey(snapshot.identity) ?? "",
    kind: snapshot.kind,
    acrnVersion: installedVersion(snapshot),
    hypervisor: hypervisor(snapshot),
    dialect: attempt(() => record().dialect),
    board: attempt(() => topology().board ?? fail("the board file does not name the board")),
    pcpus: attempt(() => topology().pcpus),
    cores: attempt(() => (topology().coresKnown ? topology().cores : fail("the board file does not tell cores apart"))),
    caches: attempt(() =>
      topology().cachesKnown ? sharedCaches(topology()) : fail("the board file has no caches part"),
    ),
    vms: attempt(() => record().vms.map(vmFact)),
    runningVms: evidence.running.known
      ? { known: true, value: evidence.running.vms.map((vm) => vm.name).sort() }
      : evidence.running,
    built: evidence.built.known ? { known: true, value: evidence.built.why } : evidence.built,
  };
}

function sharedCaches({ caches }: Topology): Topology["caches"] {
  return caches.filter(({ level }) => level > 1);
}

function vmFact({ key, id, load, realtime, affinity }: Scenario["vms"][number]) {
  return { name: key, id, load, realtime, pcpus: affinity ? [...affinity].sort((a, b) => a - b) : null };
}

/** From the name of the one hypervisor image in /boot. */
export function installedVersion(snapshot: Snapshot): Known<string> {
  const names = [...snapshot.files.values()].flatMap((f) => /^\/boot\/acrn-([0-9][^/]*)\.bin$/.exec(f.path)?.[1] ?? []);
  if (names.length === 1) return { known: true, value: names[0] as string };
  return { known: false, why: `${names.length} files /boot/acrn-<version>.bin` };
}

function hypervisor(snapshot: Snapshot): Known<boolean> {
  if (snapshot.kind === "folder") return { known: false, why: "a folder does not run" };
  const probes = ["dev/acrn_hsm", "dev/acrn_vhm"].map((name) => snapshot.texts.get(name));
  if (probes.every((p) => p === undefined)) return { known: false, why: "/dev could not be read" };
  return { known: true, value: probes.includes("present") };
}

function attempt<T>(read: () => T): Known<T> {
  try {
    return { known: true, value: read() };
  } catch (error) {
    return { known: false, why: (error as Error).message.split("\n")[0] ?? "" };
  }
}

function fail(why: string): never {
  throw new Error(why);
}
