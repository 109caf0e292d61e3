import assert from "node:assert/strict";
import {
  apicIdOf,
  cacheOf,
  coreOf,
  coreTypeOf,
  pcpuWithApicId,
  siblings,
} from "../../../provider/core/hardware/topology";
import type { Topology } from "../../../provider/core/hardware/types";

/** Two P cores with SMT, siblings last, an L2 each; an E cluster; a pCPU that no L2 lists; L1 instruction caches apart. */
const board: Topology = {
  pcpus: [
    { id: 0, apicId: 0, core: 0, type: "P" },
    { id: 1, apicId: 8, core: 1, type: "P" },
    { id: 2, apicId: 0x10, core: 2, type: "E" },
    { id: 3, apicId: 0x12, core: 3, type: "E" },
    { id: 4, apicId: 1, core: 0, type: "P" },
    { id: 5, apicId: 9, core: 1, type: "P" },
    { id: 6, apicId: 0x20, core: 4, type: "E" },
  ],
  cores: [
    { index: 0, type: "P", pcpus: [0, 4] },
    { index: 1, type: "P", pcpus: [1, 5] },
    { index: 2, type: "E", pcpus: [2] },
    { index: 3, type: "E", pcpus: [3] },
    { index: 4, type: "E", pcpus: [6] },
  ],
  caches: [
    { level: 1, id: "0x0", type: 2, pcpus: [0, 1, 4, 5], cdp: false },
    { level: 1, id: "0x0", type: 1, pcpus: [0, 4], cdp: false },
    { level: 2, id: "0x0", type: 3, pcpus: [0, 4], cdp: false, cat: { maskLength: 10, closNumber: 8 } },
    { level: 2, id: "0x1", type: 3, pcpus: [1, 5], cdp: false, cat: { maskLength: 10, closNumber: 8 } },
    { level: 2, id: "0x2", type: 3, pcpus: [2, 3], cdp: false },
  ],
  pci: [],
  cachesKnown: true,
  coresKnown: true,
  missing: [],
};

describe("questions to a topology", () => {
  const rows: [question: string, answer: unknown, expected: unknown][] = [
    ["SMT siblings", siblings(board, 4), [0, 4]],
    ["a core without SMT", siblings(board, 3), [3]],
    ["siblings of no pCPU", siblings(board, 99), undefined],
    ["the core of a sibling", coreOf(board, 5)?.index, 1],
    ["core type", coreTypeOf(board, 2), "E"],
    ["core type of no pCPU", coreTypeOf(board, 99), "unknown"],
    ["APIC id", apicIdOf(board, 3), 0x12],
    ["APIC id of no pCPU", apicIdOf(board, 99), undefined],
    ["pCPU of an APIC id", pcpuWithApicId(board, 9), 5],
    ["pCPU of an APIC id that is none", pcpuWithApicId(board, 2), undefined],
    ["L2 of an E cluster", cacheOf(board, 2, 3)?.pcpus, [2, 3]],
    ["L1 means the data cache, not the instruction cache before it", cacheOf(board, 1, 0)?.pcpus, [0, 4]],
    ["no L1 listed: unknown, though an instruction cache is", cacheOf(board, 1, 1)?.pcpus, undefined],
    ["no L2 listed: unknown, not alone", cacheOf(board, 2, 6)?.pcpus, undefined],
    ["no L3 at all", cacheOf(board, 3, 0)?.pcpus, undefined],
    ["the cache itself", cacheOf(board, 2, 5)?.id, "0x1"],
  ];
  for (const [question, answer, expected] of rows) it(question, () => assert.deepEqual(answer, expected));

  it("a board without cores and caches knows neither", () => {
    const bare: Topology = { ...board, pcpus: [{ id: 0, type: "unknown" }], cores: [], caches: [] };
    assert.equal(siblings(bare, 0), undefined);
    assert.equal(cacheOf(bare, 2, 0)?.pcpus, undefined);
    assert.equal(apicIdOf(bare, 0), undefined);
  });
});
