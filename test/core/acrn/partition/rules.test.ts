import assert from "node:assert/strict";
import { type Case, HYBRID, ONE_L2, plan, QUAD, SMT } from "./support";

const SVM = "SVM service";
const TWO_X = { dialect: "2.x" as const };

/** `refused`: code, VM and pCPU of each refusal. */
interface Row extends Case {
  name: string;
  refused: string[];
  /** Must be in the message of the first refusal, or in its hint. */
  says?: RegExp;
  evicted?: Record<string, string>;
}

const rows: Row[] = [
  { name: "its own pCPUs", vms: [SVM, "RT1 rt 2,3"], wanted: { RT1: [3, 2] }, refused: [] },
  {
    name: "its own pCPUs (2.x)",
    ...TWO_X,
    vms: ["SVM service 0,1", "RT1 rt 2,3"],
    wanted: { RT1: [2, 3] },
    refused: [],
  },
  {
    name: "unknown pCPU",
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2, 9] },
    refused: ["unknown-pcpu RT1 9"],
    says: /pCPUs 0-3 \(board\.xml\)/,
  },
  {
    name: "no pCPU id",
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2, -1, 1.5] },
    refused: ["unknown-pcpu RT1 -1", "unknown-pcpu RT1 1.5"],
  },
  {
    name: "a pCPU twice in one VM",
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2, 2] },
    refused: ["duplicate-pcpu RT1 2"],
  },
  { name: "no pCPU at all", vms: [SVM, "RT1 rt 2"], wanted: { RT1: [] }, refused: ["empty RT1"] },
  { name: "no number of cores", vms: [SVM, "RT1 rt 2"], wanted: { RT1: { cores: 0 } }, refused: ["bad-count RT1"] },
  {
    name: "a pCPU in two VMs of the map",
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2, 3], RT2: [3] },
    refused: ["twice RT2 3"],
    says: /wanted by RT1 and by RT2/,
  },
  { name: "the Service VM in the map", vms: [SVM, "RT1 rt 2"], wanted: { SVM: [1] }, refused: ["service-vm SVM"] },
  {
    name: "the Service VM in the map, by its general name",
    vms: [SVM, "RT1 rt 2"],
    wanted: { "Service VM": [1] },
    refused: ["service-vm Service VM"],
  },
  {
    name: "a name that no VM could have",
    vms: [SVM, "RT1 rt 2"],
    wanted: { "my vm": [3], "#7": [1] },
    refused: ["unknown-vm #7", "unknown-vm my vm"],
    says: /RT1/,
  },
  { name: "pCPU 0 for an RTVM", vms: [SVM, "RT1 rt 2"], wanted: { RT1: [0] }, refused: ["pcpu0 RT1 0"] },
  {
    name: "pCPU 0 for a VM with LAPIC passthrough",
    vms: [SVM, "A post 2 lapic"],
    wanted: { A: [0] },
    refused: ["pcpu0 A 0"],
  },
  { name: "pCPU 0 for a VM to come", vms: [SVM], wanted: { NEW: [0] }, refused: ["pcpu0 NEW 0"] },
  { name: "pCPU 0 for a standard VM", vms: [SVM, "A post 2"], wanted: { A: [0] }, refused: [] },
  {
    name: "P and E mixed",
    board: HYBRID,
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2, 3, 4, 5, 6, 7] },
    refused: ["mixed-types RT1 4"],
    says: /P-cores \(pCPUs 2-3\) and E-cores \(pCPUs 4-7\)/,
  },

  {
    name: "occupied",
    vms: [SVM, "RT1 rt 2", "A post 0,3"],
    wanted: { RT1: [2, 3] },
    refused: ["occupied RT1 3"],
    says: /scenario\.xml:\d+[\s\S]*neighbours: "evict"/,
  },
  {
    name: "evicted",
    vms: [SVM, "RT1 rt 2", "A post 0,3"],
    wanted: { RT1: [2, 3] },
    neighbours: "evict",
    refused: [],
    evicted: { A: "0,3 -> 0" },
  },
  {
    name: "evicted, pre-launched",
    vms: ["S pre 2,3", SVM, "RT1 rt 1"],
    wanted: { RT1: [1, 2] },
    neighbours: "evict",
    refused: [],
    evicted: { S: "2,3 -> 3" },
  },
  {
    name: "would be left without a CPU",
    vms: [SVM, "RT1 rt 2", "A post 3"],
    wanted: { RT1: [2, 3] },
    neighbours: "evict",
    refused: ["neighbour-starved RT1 3"],
    says: /A would be left/,
  },
  {
    name: "left without by two together",
    vms: [SVM, "RT1 rt 2", "A post 1,3"],
    wanted: { RT1: [3], RT2: [1] },
    neighbours: "evict",
    refused: ["neighbour-starved RT2 1"],
  },
  {
    name: "another RTVM",
    vms: [SVM, "RT1 rt 2", "B rt 3"],
    wanted: { RT1: [2, 3] },
    neighbours: "evict",
    refused: ["neighbour-realtime RT1 3"],
    says: /B, which is a real-time VM[\s\S]*take B into/,
  },
  {
    name: "a pre-launched RTVM (2.x)",
    ...TWO_X,
    vms: ["P pre-rt 2,3", "SVM service 0,1", "A post 0"],
    wanted: { NEW: [3] },
    neighbours: "evict",
    refused: ["neighbour-realtime NEW 3"],
  },
  {
    name: "LAPIC passthrough",
    vms: [SVM, "RT1 rt 2", "B post 3 lapic"],
    wanted: { RT1: [3] },
    neighbours: "evict",
    refused: ["neighbour-realtime RT1 3"],
  },
  {
    name: "own_pcpu",
    vms: [SVM, "RT1 rt 2", "B post 3 own"],
    wanted: { RT1: [3] },
    neighbours: "evict",
    refused: ["own-pcpu RT1 3"],
  },
  {
    name: "an RTVM that is in the map moves",
    vms: [SVM, "RT1 rt 2", "B rt 3"],
    wanted: { RT1: [3], B: [2] },
    refused: [],
  },
  {
    name: "2.x Service VM: occupied",
    ...TWO_X,
    vms: ["SVM service 0,1,2", "RT1 rt 3"],
    wanted: { RT1: [2, 3] },
    refused: ["occupied RT1 2"],
  },
  {
    name: "2.x Service VM: evicted",
    ...TWO_X,
    vms: ["SVM service 0,1,2", "RT1 rt 3"],
    wanted: { RT1: [2, 3] },
    neighbours: "evict",
    refused: [],
    evicted: { SVM: "0,1,2 -> 0,1" },
  },
  {
    name: "2.x Service VM: left without",
    ...TWO_X,
    vms: ["SVM service 2", "RT1 rt 3"],
    wanted: { RT1: [2, 3] },
    neighbours: "evict",
    refused: ["neighbour-starved RT1 2"],
  },
  {
    name: "3.x Service VM: left without",
    vms: ["S pre 0", SVM, "RT1 rt 2"],
    wanted: { RT1: [1, 2, 3] },
    refused: ["service-vm-starved RT1"],
    says: /no pCPU is left for the Service VM/,
  },
  {
    name: "3.x Service VM: other RTVMs' pCPUs are none of its",
    vms: [SVM, "RT1 rt 2", "B rt 3"],
    wanted: { A: [0, 1], RT1: [2] },
    refused: ["pcpu0 A 0", "service-vm-starved A"],
  },
  {
    name: "no Service VM, nobody starves",
    vms: ["P0 pre 0,2", "P1 pre 1,3"],
    wanted: { P0: [0, 2], P1: [1, 3] },
    refused: [],
  },

  {
    name: "half a core, the rest the Service VM's",
    board: SMT,
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2] },
    refused: ["split-core RT1 2"],
    says: /SVM \(the Service VM\)[\s\S]*whole core \(pCPUs 2-3\)[\s\S]*smt: \["SVM"\]/,
  },
  {
    name: "half a core, allowed",
    board: SMT,
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2] },
    sharing: { smt: ["Service VM"] },
    refused: [],
  },
  {
    name: "half a core, the rest a neighbour's",
    board: SMT,
    vms: [SVM, "RT1 rt 2", "A post 1,3"],
    wanted: { RT1: [2] },
    refused: ["split-core RT1 2"],
  },
  {
    name: "half a core, another stranger allowed",
    board: SMT,
    vms: [SVM, "RT1 rt 2", "A post 3"],
    wanted: { RT1: [2] },
    sharing: { smt: ["SVM"] },
    refused: ["split-core RT1 2"],
  },
  {
    name: "half a core, eviction gives it to the Service VM",
    board: SMT,
    vms: [SVM, "RT1 rt 2", "A post 1,2"],
    wanted: { RT1: [2] },
    neighbours: "evict",
    refused: ["split-core RT1 2"],
    evicted: { A: "1,2 -> 1" },
  },
  {
    name: "half a core, the rest idle (2.x)",
    ...TWO_X,
    board: SMT,
    vms: ["SVM service 0,1", "RT1 rt 2"],
    wanted: { RT1: [2] },
    refused: [],
  },
  {
    name: "one core for two VMs of the map: told once",
    board: SMT,
    vms: [SVM, "RT1 rt 2", "RT2 rt 3"],
    wanted: { RT1: [2], RT2: [3] },
    refused: ["split-core RT1 2"],
  },
  {
    name: "one core for two VMs of the map, one named",
    board: SMT,
    vms: [SVM, "RT1 rt 2", "RT2 rt 3"],
    wanted: { RT1: [2], RT2: [3] },
    sharing: { smt: ["RT2"] },
    refused: [],
  },
  {
    name: "naming the VM itself allows no stranger",
    board: SMT,
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2] },
    sharing: { smt: ["RT1"] },
    refused: ["split-core RT1 2"],
  },
  {
    name: "L2 with the Service VM",
    board: HYBRID,
    vms: [SVM, "RT1 rt 4"],
    wanted: { RT1: [4, 5] },
    refused: ["shared-l2 RT1 4"],
    says: /pCPUs 4-5 of RT1 and pCPUs 6-7[\s\S]*all of pCPUs 4-7[\s\S]*T04/,
  },
  {
    name: "L2 with two strangers, one allowed",
    board: HYBRID,
    vms: [SVM, "RT1 rt 4", "A post 6"],
    wanted: { RT1: [4, 5] },
    sharing: { l2: ["Service VM"] },
    refused: ["shared-l2 RT1 4"],
    says: /with A:/,
  },
  {
    name: "L2 with both allowed",
    board: HYBRID,
    vms: [SVM, "RT1 rt 4", "A post 6"],
    wanted: { RT1: [4, 5] },
    sharing: { l2: ["SVM", "A"] },
    refused: [],
  },
  {
    name: "L2 of the whole board",
    board: ONE_L2,
    vms: [SVM, "RT1 rt 2,3"],
    wanted: { RT1: [2, 3] },
    refused: ["shared-l2 RT1 2"],
    says: /All pCPUs of this board share it/,
  },
  {
    name: "L2 among VMs of the map",
    board: ONE_L2,
    vms: ["P0 pre 0", "P1 pre 1,2,3"],
    wanted: { P0: [0], P1: [1, 2, 3] },
    refused: ["shared-l2 P0 0"],
  },
  { name: "whole cluster", board: HYBRID, vms: [SVM, "RT1 rt 4"], wanted: { RT1: [4, 5, 6, 7] }, refused: [] },
  {
    name: "smt allowed: that core's L2 is too",
    board: SMT,
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2] },
    sharing: { smt: ["SVM"] },
    refused: [],
  },
  {
    name: "an exception for nobody",
    vms: [SVM, "RT1 rt 2"],
    wanted: { RT1: [2] },
    sharing: { l2: ["POST_STD_VM1"] },
    refused: ["unknown-stranger POST_STD_VM1"],
    says: /Known are Service VM and RT1/,
  },
];

describe("partition rules: explicit pCPUs", () => {
  for (const { name, refused, says, evicted = {}, ...given } of rows)
    it(name, () => {
      const result = plan(given);
      assert.deepEqual(
        result.refusals.map(({ code, vm, pcpu }) =>
          [code.replace(/^cores\./, ""), vm, ...(pcpu === undefined ? [] : [pcpu])].join(" "),
        ),
        refused,
      );
      assert.deepEqual(
        Object.fromEntries(result.evictions.map(({ vm, from, to }) => [vm, `${from} -> ${to}`])),
        evicted,
      );
      for (const { tip, message, hint, property } of result.refusals) {
        assert.equal(tip, "T15");
        assert.ok(message.length > 10 && hint.length > 10 && /^(vms|sharing)\b/.test(property));
      }
      if (says) assert.match(`${result.refusals[0]?.message} ${result.refusals[0]?.hint}`, says);
    });

  it("properties are paths", () => {
    const { refusals } = plan({
      board: QUAD,
      ...TWO_X,
      vms: ["SVM service 0", "RT1 rt 1"],
      wanted: { "A B": [0], RT1: [0] },
    });
    assert.deepEqual([...new Set(refusals.map(({ property }) => property))], ['vms["A B"]', "vms.RT1"]);
  });
});

describe("partition: outputs", () => {
  it("vCPU i is the i-th smallest pCPU; APIC ids; guest lists", () => {
    const { assignments } = plan({ vms: [SVM, "RT1 rt 1"], wanted: { RT1: [3, 1, 2] } });
    assert.deepEqual(assignments, [
      {
        vm: "RT1",
        pcpus: [1, 2, 3],
        apicIds: [2, 4, 6],
        vcpuMap: [
          { vcpu: 0, pcpu: 1, apicId: 2 },
          { vcpu: 1, pcpu: 2, apicId: 4 },
          { vcpu: 2, pcpu: 3, apicId: 6 },
        ],
        rtCpus: "1-2",
        housekeepingCpus: "0",
        reserved: false,
        why: "named by the program",
      },
    ]);
  });

  it("one vCPU is for both; a VM that the scenario lacks is reserved for", () => {
    const { assignments, warnings } = plan({ vms: [SVM, "RT1 rt 1"], wanted: { NEW: [3] } });
    assert.deepEqual(
      assignments.map(({ rtCpus, housekeepingCpus, reserved }) => ({ rtCpus, housekeepingCpus, reserved })),
      [{ rtCpus: "0", housekeepingCpus: "0", reserved: true }],
    );
    assert.match(warnings.join("\n"), /no VM NEW \(it has RT1\): pCPU 3 only reserved/);
    assert.match(warnings.join("\n"), /T10: NEW has one vCPU/);
  });

  it("a board of v2.4 tells no APIC ids", () => {
    const { assignments } = plan({
      board: { ...QUAD, structured: false },
      vms: [SVM, "RT1 rt 1"],
      wanted: { RT1: [3, 2] },
    });
    assert.deepEqual(assignments[0]?.apicIds, [undefined, undefined]);
    assert.deepEqual(assignments[0]?.vcpuMap, [
      { vcpu: 0, pcpu: 2 },
      { vcpu: 1, pcpu: 3 },
    ]);
  });
});
