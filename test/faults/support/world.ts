import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildBoard, buildScenario } from "../../../examples/lab/builder";
import { apply } from "../../../provider/converge/apply";
import type { Draft } from "../../../provider/converge/draft";
import { Machine } from "../../../provider/converge/machine";
import { type Planned, planResource } from "../../../provider/converge/plan-resource";
import { SOURCE_PATH } from "../../../provider/core/acrn/scenario-document";
import { LEDGER_PATH } from "../../../provider/core/claims/ledger";
import type { FileChange, ReadRequest } from "../../../provider/host/types";
import { corePartitionKind } from "../../../provider/resources/core-partition";
import { listing, temporary } from "../../host/helpers";

/** Files of an RtVm by the name of `RT` (test/faults/rt-vm-world.ts), which no superset has. */
const OF_AN_RTVM = ["/usr/share/acrn/conf/add/RT.args", "/var/lib/pulumi-acrn/launch/RT.sh"];

/** The read that goes with the changes: board, record, source and ledger are in the superset. */
export const REQUEST: ReadRequest = { scripts: [], files: OF_AN_RTVM };

/** How the script that holds the lock is named to whoever meets it. */
export const OWNER = { owner: "faults" };

/** One change of one machine: what was there, what is declared, and every way to look at the two. */
export interface World {
  /** What the product writes, as it gives it to the transaction. */
  changes: readonly FileChange[];
  /** What the tree is before, and after a run that nothing disturbed. */
  old: readonly string[];
  new: readonly string[];
  /** The tree of before as a new folder; gone at the latest with the process. */
  root(): string;
  /** The tree of before in a folder that is there or not, and nothing else in it. */
  layInto(folder: string): void;
  /** What the resource declares, for a whole `apply`. */
  plan(draft: Draft): Planned;
  /** `root()`, handed to `work` and removed after it. */
  within<T>(work: (root: string) => Promise<T>): Promise<T>;
}

const NEXT: Record<"first" | "again", number> = { first: 1, again: 2 };

/**
 * The smallest host that the product takes: three pCPUs, a Service VM and one RTVM, no file besides what it needs.
 * - first: nothing of ours is there; two files are created (scenario source, ledger) and with them the folder of ours.
 * - again: both are there and are replaced.
 */
export async function smallWorld(kind: "first" | "again"): Promise<World> {
  const template = temporary();
  lay(template);
  if (kind === "again") await settle(template, 1);
  return worldOf(template, planFor(NEXT[kind]));
}

/** The ways to have a tree again and again. */
export function copiesOf(template: string): Pick<World, "root" | "layInto" | "within"> {
  const layInto = (folder: string) => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(template, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  };
  const root = () => {
    const copy = temporary();
    layInto(copy);
    return copy;
  };
  const within = async <T>(work: (root: string) => Promise<T>): Promise<T> => {
    const copy = root();
    try {
      return await work(copy);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };
  return { root, layInto, within };
}

/** A world of a tree and a plan of your own. */
export async function worldOf(template: string, plan: (draft: Draft) => Planned): Promise<World> {
  const copies = copiesOf(template);
  const { within } = copies;
  const changes = await changesOf(template, plan);
  const declared = await within(async (copy) => {
    await apply(await machineOf(copy), { plan });
    return listing(copy);
  });
  return { ...copies, changes, old: listing(template), new: declared, plan };
}

function lay(root: string): void {
  const files = {
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "usr/share/acrn/board.xml": buildBoard({ name: "b", pCores: 3, l3: false, pci: [] }),
    "usr/share/acrn/scenario.xml": buildScenario({
      name: "s",
      dialect: "3.x",
      board: "b",
      vms: [
        { kind: "service", cpus: [] },
        { kind: "post-rt", name: "RT", cpus: [0] },
      ],
    }),
  };
  mkdirSync(join(root, "var/lib"), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const planFor =
  (pcpu: number) =>
  (draft: Draft): Planned =>
    planResource(
      draft,
      corePartitionKind,
      { stack: "s", kind: "CorePartition", urns: ["urn:cores"] },
      { vms: { RT: [pcpu] }, neighbours: "refuse" },
      "id1",
    );

/** That reads what `REQUEST` reads. */
async function machineOf(root: string): Promise<Machine> {
  const machine = new Machine({ connection: { root } });
  await machine.draft(REQUEST.files);
  return machine;
}

const settle = (root: string, pcpu: number) => apply(new Machine({ connection: { root } }), { plan: planFor(pcpu) });

/** What `apply` hands to the transaction, without one. */
async function changesOf(root: string, plan: (draft: Draft) => Planned): Promise<FileChange[]> {
  const machine = await machineOf(root);
  let changes: FileChange[] = [];
  machine.transact = async (decide) => {
    const now = await machine.read();
    changes = decide(now);
    return { before: now, after: now, changed: false };
  };
  await apply(machine, { plan });
  return changes;
}

/** What a file of the tree holds. */
export const contentOf = (root: string, path: string): string => readFileSync(join(root, path), "utf8");

export { LEDGER_PATH, SOURCE_PATH };
