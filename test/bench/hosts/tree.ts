import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildScenario, type VmSpec, writeHostTree } from "../../../examples/lab/builder";

/** The file that every rival edits, below the tree of a host. */
export const SOURCE = "var/lib/pulumi-acrn/scenario.xml";

/** One VM that a claim moves: from a pCPU that nobody else has to another such, so that a line tells it alone. */
export interface Move {
  vm: string;
  from: number;
  to: number;
}

/** The five edits of every host. */
export const MOVES: readonly Move[] = [1, 2, 3, 4, 5].map((n) => ({ vm: `POST_RT_VM${n}`, from: 10 + n, to: 20 + n }));

const SERVICE: VmSpec = { kind: "service", cpus: [0] };

/**
 * An ACRN host with 32 cores and five real-time VMs. The scenario source is there already, as after an earlier up: all
 * rivals find the same bytes at the same place.
 */
export function layDownHost(dir: string, name: string): void {
  const vms = MOVES.map(({ vm, from }): VmSpec => ({ kind: "post-rt", name: vm, cpus: [from] }));
  const text = buildScenario({ name: "shared", dialect: "3.x", board: "bench", vms: [SERVICE, ...vms] });
  const hex = createHash("sha256").update(`bench host ${name}`).digest("hex");
  const uuid = (at: number) => `${hex.slice(at, at + 8)}-0000-4000-8000-${hex.slice(at + 8, at + 20)}`;
  writeHostTree(dir, {
    machineId: hex.slice(0, 32),
    productUuid: uuid(0),
    bootId: uuid(32),
    acrnVersion: "3.3",
    board: { name: "bench", dialect: "3.x", pCores: 32, l3: { ways: 12, cat: true } },
    scenario: { name: "shared", text },
  });
  mkdirSync(dirname(join(dir, SOURCE)), { recursive: true });
  copyFileSync(join(dir, "usr/share/acrn/scenario.xml"), join(dir, SOURCE));
}
