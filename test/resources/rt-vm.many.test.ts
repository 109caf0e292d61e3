import assert from "node:assert/strict";
import type { VmSpec } from "../../examples/lab/builder";
import { pendingOn } from "../../provider/converge/activate/plan";
import { draftOf } from "../../provider/converge/draft";
import { planResource } from "../../provider/converge/plan-resource";
import type { FileState, Snapshot } from "../../provider/core/snapshot";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import { identity, MemoryHost } from "../support/memory-host";

/** A host with so many real-time VMs, each with a launch script and an RtVm. */
function hostWith(count: number): { memory: MemoryHost; all: readonly (readonly [urn: string, args: RtVmArgs])[] } {
  const names = Array.from({ length: count }, (_, at) => `RT${at}`);
  const vms = names.map((name, at): VmSpec => ({ kind: "post-rt", name, cpus: [at + 1] }));
  const memory = new MemoryHost({
    ...identity("many"),
    board: { name: "b", pCores: 20 },
    scenario: { name: "s", dialect: "3.x", board: "b", vms: [{ kind: "service", cpus: [0] }, ...vms] },
    acrnVersion: "3.3",
  });
  const all = names.map((name, at) => {
    const args = rtVmKind.schema.parse({ name, partition: { pcpus: { [name]: [at + 1] } } }) as RtVmArgs;
    return [`urn:${name}`, args] as const;
  });
  for (const [urn, args] of all)
    memory.apply(planResource(memory.draft(), rtVmKind, { stack: "s", kind: "RtVm", urns: [urn] }, args, `id ${urn}`));
  return { memory, all };
}

/** The snapshot, and how often the bytes of its launch scripts are looked at. */
function counted(memory: MemoryHost): { snapshot: Snapshot; reads: () => number } {
  const snapshot = memory.snapshot();
  let reads = 0;
  const files = new Map(
    [...snapshot.files].map(([path, file]): [string, FileState] => {
      const { bytes, ...rest } = file;
      if (!path.endsWith(".sh") || !bytes) return [path, file];
      const look = () => {
        reads++;
        return bytes;
      };
      const watched = Object.defineProperty({ ...rest }, "bytes", { get: look, enumerable: true });
      return [path, watched as FileState];
    }),
  );
  return { snapshot: { ...snapshot, files }, reads: () => reads };
}

/** Per RtVm, of a preview in which each is planned once. */
function work(count: number): number {
  const { memory, all } = hostWith(count);
  const { snapshot, reads } = counted(memory);
  const draft = draftOf(snapshot, memory.settings);
  for (const [urn, args] of all) {
    const { refusals, lines } = planResource(draft, rtVmKind, { stack: "s", kind: "RtVm", urns: [urn] }, args);
    assert.deepEqual([refusals, lines], [[], []]);
  }
  return reads() / count;
}

describe("many RtVms on one host", function () {
  this.timeout(60_000);

  it("each reads as much of the launch scripts beside 16 as beside 4: the work does not grow with the square", () => {
    const [four, sixteen] = [work(4), work(16)];
    assert.ok(four > 0);
    assert.ok(sixteen <= four, `${sixteen} beside 16, ${four} beside 4`);
  });

  it("what is pending of them is told once a field", () => {
    const { memory, all } = hostWith(16);
    const rows = pendingOn(memory.draft(), kindOf);
    const fields = rows.map(({ field }) => field);
    assert.equal(new Set(fields).size, fields.length);
    // its cores and its script
    assert.equal(fields.length, 2 * all.length);
  });
});
