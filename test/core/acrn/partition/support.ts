import {
  type BoardSpec,
  buildBoard,
  buildScenario,
  type ScenarioSpec,
  type VmSpec,
} from "../../../../examples/lab/builder";
import { readBoard } from "../../../../provider/core/acrn/board";
import { type PartitionInput, type PartitionResult, planPartition } from "../../../../provider/core/acrn/partition";
import { readScenario } from "../../../../provider/core/acrn/scenario";
import type { Scenario } from "../../../../provider/core/acrn/types";
import type { Topology } from "../../../../provider/core/hardware/types";

export type Board = Omit<BoardSpec, "name">;

/** Four cores, each with an L2 of its own. */
export const QUAD: Board = { pCores: 4 };
/** Four cores with two threads: pCPUs 0-1, 2-3, 4-5, 6-7. */
export const SMT: Board = { pCores: 4, smt: true, numbering: "siblings-together", l2SharedBy: 2 };
/** Two P-cores with two threads (0-1, 2-3) and two clusters of four E-cores (4-7, 8-11). */
export const HYBRID: Board = { pCores: 2, eCores: 8, smt: true, hybrid: true, eClusterSize: 4, l2SharedBy: 2 };
/** Four cores behind one L2. */
export const ONE_L2: Board = { pCores: 4, l2SharedBy: 4 };

export function topologyOf(board: Board): Topology {
  return readBoard(buildBoard({ name: "lab", pci: [], ...board }), "board.xml");
}

/** `RT1 rt 2,3 own`, `STD1 post 0,1`, `SVM service`, `SAFE pre 3`, `PRT pre-rt 3`, `NUC rt 2 nolapic`. */
export function vmSpec(line: string): VmSpec {
  const [name = "", kind = "", cpus = "", ...flags] = line.split(" ");
  const kinds: Record<string, VmSpec["kind"]> = {
    rt: "post-rt",
    post: "post",
    service: "service",
    pre: "pre",
    "pre-rt": "pre-rt",
  };
  const spec: VmSpec = {
    name,
    kind: kinds[kind] as VmSpec["kind"],
    cpus: cpus === "" ? [] : cpus.split(",").map(Number),
  };
  if (flags.includes("own")) spec.ownPcpu = true;
  if (flags.includes("lapic")) spec.lapic = true;
  return spec;
}

export function scenarioOf(vms: readonly string[], spec: Partial<ScenarioSpec> = {}): Scenario {
  const text = buildScenario({ name: "s", board: "lab", vms: vms.map(vmSpec), ...spec });
  const read = readScenario(text, "scenario.xml");
  // The builder gives the 2.x Service VM an element in any case: an empty one says as little as none.
  return read;
}

export interface Case extends Partial<Omit<PartitionInput, "topology" | "scenario">> {
  board?: Board;
  vms: readonly string[];
  dialect?: "2.x" | "3.x";
  rdt?: boolean;
  wanted: PartitionInput["wanted"];
}

export function inputOf({ board = QUAD, vms, dialect = "3.x", rdt = false, ...rest }: Case): PartitionInput {
  const scenario = scenarioOf(vms, { dialect, rdt: { enabled: rdt } });
  return {
    topology: topologyOf(board),
    scenario,
    neighbours: "refuse",
    files: { board: "board.xml", scenario: "scenario.xml" },
    ...rest,
  };
}

export function plan(given: Case): PartitionResult {
  return planPartition(inputOf(given));
}

/** `RT1: 2,3` by VM: short enough for tables. */
export function chosen({ assignments }: PartitionResult): Record<string, string> {
  return Object.fromEntries(assignments.map(({ vm, pcpus }) => [vm, pcpus.join()]));
}
