import assert from "node:assert/strict";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import type { Owner } from "../../provider/core/claims/types";
import { AcrnError } from "../../provider/core/errors";
import { compact } from "../../provider/core/plan/render-compact";
import { isEmpty } from "../../provider/core/plan/types";
import { type CorePartitionArgs, corePartitionKind } from "../../provider/resources/core-partition";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { MemoryHost } from "../support/memory-host";

/** What a program says of one RTVM, without its partition. */
export type RtVmWords = Record<string, unknown> & { name: string };

/** A CorePartition and one RtVm on it: the smallest program that has an RTVM. */
export interface Program {
  cores: CorePartitionArgs;
  rt: RtVmWords;
}

const CORES = { stack: "s", kind: "CorePartition", urns: ["urn:cores"] };
const RT = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };

export function planCores(memory: MemoryHost, { cores }: Program): Planned {
  return planResource(memory.draft(), corePartitionKind, CORES, cores, "id-cores");
}

/** @param pcpus what the partition gave it */
export function planRt(memory: MemoryHost, { rt }: Pick<Program, "rt">, pcpus: readonly number[]): Planned {
  const args = rtVmKind.schema.parse({ ...rt, partition: { pcpus: { [rt.name]: [...pcpus] } } });
  return planResource(memory.draft(), rtVmKind, RT, args, "id-rt");
}

/** The plan, or the codes of what stands in its way. */
export function orRefused(plan: () => Planned): { planned: Planned } | { codes: string[] } {
  try {
    const planned = plan();
    return planned.refusals.length > 0 ? { codes: planned.refusals.map(({ code }) => code) } : { planned };
  } catch (error) {
    if (error instanceof AcrnError) return { codes: [error.code] };
    throw error;
  }
}

function pcpusOf({ outputs }: Planned, vm: string): number[] {
  return (outputs.pcpus as Record<string, number[]>)[vm] as number[];
}

/** What an up does after a preview of both: the partition first, and of the RtVm only what the preview showed. */
function applyBoth(
  memory: MemoryHost,
  program: Program,
): { cores: Planned; rt: Planned; codes?: undefined } | { codes: string[] } {
  const cores = orRefused(() => planCores(memory, program));
  if (!("planned" in cores)) return cores;
  const pcpus = pcpusOf(cores.planned, program.rt.name);
  const shown = orRefused(() => planRt(memory, program, pcpus));
  if (!("planned" in shown)) return shown;
  assert.deepEqual(planCores(memory, program).lines, cores.planned.lines, "checked after the RtVm: the same plan");
  memory.apply(cores.planned);
  const rt = planRt(memory, program, pcpus);
  assert.deepEqual(rt.refusals, [], "what was accepted in preview is accepted when the partition is there");
  // an edit that the partition has done meanwhile is a mere claim, which needs no consent (converge/apply.ts)
  const more = compact({ ...rt.plan, claims: [] }).filter((line) => !shown.planned.lines.includes(line));
  assert.deepEqual(more, [], "up does nothing that the preview did not show");
  assert.deepEqual(rt.outputs, shown.planned.outputs);
  memory.apply(rt);
  return { cores: cores.planned, rt };
}

/** Law 1: nothing is left to do, whoever is asked first. */
function settled(memory: MemoryHost, program: Program, pcpus: readonly number[]): void {
  for (const again of [planRt(memory, program, pcpus), planCores(memory, program)]) {
    assert.deepEqual(again.refusals, []);
    assert.ok(isEmpty(again.plan), `a second plan: ${again.lines.join("; ")}`);
  }
}

/** Withdraws one after the other, each in a transaction of its own. False where one is refused, which changes nothing. */
function withdraw(memory: MemoryHost, ids: readonly string[]): boolean {
  for (const id of ids) {
    const draft = memory.draft();
    const planned = planWithdrawal(draft, [draft.ledger.owners[id] as Owner], kindOf);
    if (planned.refusals.length > 0) return false;
    memory.apply(planned);
  }
  return true;
}

function copyOf(memory: MemoryHost): () => void {
  const before = new Map(memory.files);
  return () => {
    memory.files.clear();
    for (const [path, text] of before) memory.files.set(path, text);
  };
}

const ORDERS = [
  ["id-rt", "id-cores"],
  ["id-cores", "id-rt"],
];

/** Laws 1, 4 and 6 for one program on one host. `look` sees what it wrote. Returns what was refused, if anything. */
export function lawful(memory: MemoryHost, program: Program, look: (pcpus: number[]) => void): readonly string[] {
  const before = memory.image();
  const done = applyBoth(memory, program);
  if (done.codes) {
    assert.deepEqual(memory.changedSince(before), [], "refused: nothing is changed");
    return done.codes;
  }
  const pcpus = pcpusOf(done.cores, program.rt.name);
  settled(memory, program, pcpus);
  look(pcpus);
  const restore = copyOf(memory);
  for (const order of ORDERS) {
    if (withdraw(memory, order)) assert.deepEqual(memory.changedSince(before), [], `withdrawn: ${order}`);
    else assert.equal(order[0], "id-cores", "an RtVm may always go first");
    restore();
  }
  return [];
}
