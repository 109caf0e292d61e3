import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  buildScenario,
  type HostTreeSpec,
  type ScenarioSpec,
  type VmSpec,
  writeHostTree,
} from "../../examples/lab/builder";
import { type Lab, type LabHost, type LabHostSpec, startLab } from "../../examples/lab/lab";
import { diffTrees, snapshotTree, type Tree } from "../../examples/lab/tree";
import type { ConnectionSpec } from "../../provider/host/ssh/spec";
import { findPulumi } from "../../tools/pulumi-cli";
import { pulumiEnv } from "../../tools/pulumi-env";
import { needs } from "./needs";

/** A host of an engine test: small, without launch scripts, so that every pCPU but 0 is free to be moved about. */
export interface Cell extends Partial<Omit<LabHostSpec, "name" | "dir">> {
  name: string;
  /** Serves the tree of that cell: another address of one machine. */
  sameAs?: string;
  /** What machine-id and product_uuid are made from; two cells with one are a cloned disk. @default the name */
  machine?: string;
  /** @default POST_RT_VM1 on 3, POST_RT_VM2 on 4, POST_STD_VM1 on 1-2 */
  vms?: VmSpec[];
  /** Of ACRN. @default "3.3" */
  version?: "2.7" | "3.3";
  /** With the launch scripts that ACRN's generator writes for its VMs. @default false */
  scripts?: boolean;
  /** It has booted by a menu of GRUB's. @default false */
  menu?: boolean;
  /** Under i915. @default none */
  gpu?: HostTreeSpec["gpu"];
  /** Further files, by absolute path. */
  files?: Record<string, string>;
}

/** Where the scenario source of a host lies. */
export const SOURCE = "var/lib/pulumi-acrn/scenario.xml";
export const LEDGER = "var/lib/pulumi-acrn/ledger.json";

const USUAL: VmSpec[] = [
  { kind: "service", cpus: [0, 1] },
  { kind: "post-rt", name: "POST_RT_VM1", cpus: [3] },
  { kind: "post-rt", name: "POST_RT_VM2", cpus: [4] },
  { kind: "post", name: "POST_STD_VM1", cpus: [1, 2] },
];

/** Lab, folder and environment of one test file. The hosts live in this process, so that it can look at and break them. */
export class EngineLab {
  private constructor(
    readonly dir: string,
    readonly env: Readonly<Record<string, string>>,
    readonly lab: Lab,
  ) {}

  static async start(cells: readonly Cell[]): Promise<EngineLab> {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), "acrn-engine-")));
    const hosts = cells.map((cell) => specOf(dir, cell));
    return new EngineLab(dir, pulumiEnv(join(dir, "pulumi")), await startLab({ dir: join(dir, "lab"), hosts }));
  }

  async close(): Promise<void> {
    await this.lab.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** The connections of all hosts by name, for the program's text. */
  connections(): Record<string, ConnectionSpec> {
    return Object.fromEntries(this.lab.hosts.map(({ name }) => [name, this.lab.connection(name)]));
  }

  /** How the OS of each VM is reached, by host and VM: without the way, which is through its host. */
  guests(): Record<string, Record<string, ConnectionSpec>> {
    const direct = (host: string, vm: string): ConnectionSpec => {
      const { jump: _host, ...guest } = this.lab.guest(host, vm);
      return guest;
    };
    const of = (host: LabHost) => Object.fromEntries(host.guests.map(({ vm }) => [vm, direct(host.name, vm)]));
    return Object.fromEntries(this.lab.hosts.map((host) => [host.name, of(host)]));
  }

  path(name: string, file: string): string {
    return join(this.lab.host(name).dir, file);
  }

  has(name: string, file: string): boolean {
    return existsSync(this.path(name, file));
  }

  read(name: string, file: string): string {
    return readFileSync(this.path(name, file), "utf8");
  }

  tree(name: string): Tree {
    return snapshotTree(this.lab.host(name).dir);
  }

  /** What is not as it was: contents, modes and owners; with `times` also mtimes and inodes, which prove that nothing was written. */
  changes(name: string, before: Tree, times = false): string[] {
    return diffTrees(before, this.tree(name), { times });
  }

  /** The pCPUs that the scenario source (or before there is one, the record) gives a VM; read without the product's code. */
  pcpus(name: string, vm: string): number[] {
    const text = this.read(name, this.has(name, SOURCE) ? SOURCE : "usr/share/acrn/scenario.xml");
    const element = text.split(/<vm id=/).find((part) => part.includes(`<name>${vm}</name>`)) ?? "";
    return [...element.matchAll(/<pcpu_id>(\d+)<\/pcpu_id>/g)].map((match) => Number(match[1]));
  }

  /** Somebody edits the scenario source by hand: one VM has those pCPUs now. */
  edit(name: string, vm: string, from: number, to: number): void {
    const file = this.path(name, this.has(name, SOURCE) ? SOURCE : "usr/share/acrn/scenario.xml");
    const parts = readFileSync(file, "utf8").split(/(?=<vm id=)/);
    const at = parts.findIndex((part) => part.includes(`<name>${vm}</name>`));
    const element = parts[at] ?? "";
    if (!element.includes(`<pcpu_id>${from}</pcpu_id>`)) throw new Error(`${vm} on ${name} has no pCPU ${from}`);
    parts[at] = element.replace(`<pcpu_id>${from}</pcpu_id>`, `<pcpu_id>${to}</pcpu_id>`);
    writeFileSync(file, parts.join(""));
  }

  /** The owners in the ledger, as `stack kind name`. */
  owners(name: string): string[] {
    if (!this.has(name, LEDGER)) return [];
    const { owners } = JSON.parse(this.read(name, LEDGER)) as {
      owners: Record<string, { stack: string; urn: string }>;
    };
    return Object.values(owners)
      .map(({ stack, urn }) => `${stack.split("/").at(-1)} ${urn.split("::").at(-1)}`)
      .sort();
  }

  /** A new installation at the same address: an empty disk, another machine-id. */
  reinstall(name: string, machine: string): void {
    const { dir } = this.lab.host(name);
    rmSync(dir, { recursive: true });
    writeHostTree(dir, treeOf({ name, machine }));
  }
}

/** Starts a lab before the tests of a suite and ends it after them; `lab()` gives it to the tests. */
export function withLab(suite: Mocha.Suite, cells: readonly Cell[]): () => EngineLab {
  let started: EngineLab | undefined;
  suite.timeout(600_000); // a slow machine under load has been seen to need three minutes for one test
  suite.beforeAll(async function () {
    needs(this, findPulumi(), "no Pulumi CLI");
    started = await EngineLab.start(cells);
  });
  suite.afterAll(() => started?.close());
  return () => started as EngineLab;
}

function specOf(dir: string, cell: Cell): LabHostSpec {
  const {
    sameAs,
    machine: _machine,
    version: _version,
    vms: _vms,
    scripts: _scripts,
    files: _files,
    menu: _menu,
    gpu: _gpu,
    ...spec
  } = cell;
  const tree = join(dir, "hosts", sameAs ?? cell.name);
  if (!sameAs && !cell.os) writeHostTree(tree, treeOf(cell));
  return { ...spec, dir: tree };
}

function treeOf({
  name,
  machine = name,
  version = "3.3",
  vms = USUAL,
  scripts = false,
  files = {},
  menu = false,
  gpu,
}: Cell): HostTreeSpec {
  const dialect = version === "2.7" ? "2.x" : "3.x";
  const scenario: ScenarioSpec = { name: "shared", dialect, version, board: "engine-board", vms };
  return {
    machineId: hex(machine).slice(0, 32),
    productUuid: uuid(machine),
    // One boot a tree: a cloned disk runs in two machines, and each of them has booted by itself.
    bootId: uuid(`boot of ${name} ${machine}`),
    acrnVersion: version,
    board: { name: "engine-board", dialect, pCores: 12, l3: { ways: 12, cat: true } },
    scenario: scripts ? scenario : { name: "shared", text: buildScenario(scenario) },
    extra: files,
    ...(menu && { grub: true }),
    ...(gpu && { gpu }),
  };
}

function hex(seed: string): string {
  return createHash("sha256").update(seed).digest("hex");
}

function uuid(seed: string): string {
  const h = hex(`uuid ${seed}`);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** The root of the clone, from which programs of tests take their packages. */
export const ROOT = dirname(dirname(__dirname));
