import assert from "node:assert/strict";
import type { ScenarioSpec } from "../../examples/lab/builder";
import { draftOf } from "../../provider/converge/draft";
import { planResource } from "../../provider/converge/plan-resource";
import { corePartitionKind } from "../../provider/resources/core-partition";
import { rtVmKind } from "../../provider/resources/rt-vm";
import { rtVmSchema } from "../../provider/resources/rt-vm/schema";
import { identity, MemoryHost } from "../support/memory-host";

const spec = (dialect: "2.x" | "3.x", name: string | null, rdt = false): ScenarioSpec => ({
  name: "s",
  dialect,
  board: "b",
  rdt: { enabled: rdt },
  vms: [
    { kind: "service", cpus: [0, 1] },
    { kind: "post-rt", ...(name === null ? {} : { name }), cpus: [2, 3] },
  ],
});

function cell(dialect: "2.x" | "3.x", name: string | null = "RT", rdt = false): MemoryHost {
  const board = { name: "b", dialect, pCores: 4, l3: { ways: 12, cat: true } };
  const acrnVersion = dialect === "3.x" ? "3.3" : "2.5";
  return new MemoryHost({ ...identity("seen"), board, scenario: spec(dialect, name, rdt), acrnVersion });
}

const rt = (name: string, pcpus: number[]) => rtVmSchema.parse({ name, partition: { pcpus: { [name]: pcpus } } });
const who = (kind: string) => ({ stack: "s", kind, urns: [`urn:${kind}`] });

describe("RtVm: a VM that a 2.x scenario does not name", () => {
  it("may be the one that is meant: nothing is put beside it, and what to do is said", () => {
    const memory = cell("2.x", null);
    const [found, ...more] = planResource(memory.draft(), rtVmKind, who("RtVm"), rt("RT", [2, 3])).refusals;
    assert.deepEqual([found?.code, found?.property, more], ["rtvm.nameless", "name", []]);
    assert.match(found?.message ?? "", /no VM RT, and a real-time VM without a name: #1 \(line \d+\)$/);
    assert.match(found?.hint ?? "", /write `<name>RT<\/name>` into its <vm id="1">/);
  });

  it("with the name that was written, it is adopted", () => {
    const { refusals, outputs } = planResource(cell("2.x").draft(), rtVmKind, who("RtVm"), rt("RT", [2, 3]));
    assert.deepEqual([refusals, outputs.vmId], [[], 1]);
  });

  it("its number is no name: the schema says what to do", () => {
    const parsed = rtVmSchema.safeParse({ name: "#1", partition: { pcpus: {} } });
    assert.match(parsed.error?.issues[0]?.message ?? "", /without a name: give it one in the scenario/);
  });
});

describe("CorePartition: 2.x with RDT", () => {
  it("another number of pCPUs needs another number of CLOS rows", () => {
    const args = { vms: { RT: [3] }, neighbours: "refuse" as const };
    const warned = (rdt: boolean) =>
      planResource(cell("2.x", "RT", rdt).draft(), corePartitionKind, who("CorePartition"), args).warnings.join("\n");
    assert.match(warned(true), /RT has 2 vcpu_clos rows for 1 pCPUs/);
    assert.doesNotMatch(warned(false), /vcpu_clos/);
  });
});

describe("what is pending of a real-time VM without acrn-dm", () => {
  /** As the machine tells it: nothing was launched in this boot, or the VM's CPUs were handed over. */
  function rows(offline: string) {
    const memory = cell("3.x");
    const snapshot = memory.snapshot();
    const cpus = [0, 1, 2, 3].map((id) => `processor\t: ${id}\napicid\t\t: ${2 * id}`);
    const texts = new Map([
      ...snapshot.texts,
      ["proc/cpuinfo", cpus.join("\n")] as const,
      ["sys/devices/system/cpu/offline", offline] as const,
      ["run/acrn/mngr", ""] as const,
    ]);
    const draft = draftOf({ ...snapshot, texts }, memory.settings);
    const script = planResource(draft, rtVmKind, who("RtVm"), rt("RT", [2, 3]));
    const cores = planResource(draft, corePartitionKind, who("CorePartition"), {
      vms: { RT: [2, 3] },
      neighbours: "refuse",
    });
    return [...script.pending, ...cores.pending].filter(({ field }) => /cpu_affinity|^file/.test(field));
  }

  it("proved off: the next launch takes what is written", () => {
    const found = rows("");
    assert.equal(found.length, 3);
    for (const { state, running, evidence } of found) {
      assert.deepEqual([state, running], ["active", "(off)"]);
      assert.match(evidence, /nothing launched it in this boot: .*: the next launch takes it/);
    }
  });

  it("a CPU of it was handed over: nobody can tell", () => {
    for (const { state, evidence } of rows("2")) {
      assert.equal(state, "unknown");
      assert.match(evidence, /CPU 2 was handed over in this boot: it is off, or an orphan/);
    }
  });
});
