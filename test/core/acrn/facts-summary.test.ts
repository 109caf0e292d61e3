import assert from "node:assert/strict";
import type { HostFacts } from "../../../provider/core/acrn/facts";
import { factsSummary } from "../../../provider/core/acrn/facts-summary";

const cache = (level: number, pcpus: number[]) => ({ level, id: "0x0", type: 3, pcpus, cdp: false });

const facts: HostFacts = {
  machine: "m",
  kind: "live",
  acrnVersion: { known: true, value: "3.3" },
  hypervisor: { known: true, value: true },
  dialect: { known: true, value: "3.x" },
  board: { known: true, value: "b" },
  pcpus: { known: true, value: [0, 1, 2, 3].map((id) => ({ id, type: "unknown" })) },
  cores: { known: true, value: [] },
  caches: {
    known: true,
    value: [{ ...cache(3, [0, 1, 2, 3]), cat: { maskLength: 12, closNumber: 8 } }, cache(2, [0, 1]), cache(2, [2, 3])],
  },
  vms: { known: true, value: [{ name: "RT", id: 1, load: "post-launched", realtime: true, pcpus: [2, 3] }] },
  runningVms: { known: true, value: [] },
  built: { known: false, why: "two images in /boot" },
};

describe("facts: summary", () => {
  it("says each fact in a line", () => {
    assert.deepEqual(factsSummary(facts), [
      "ACRN: 3.3",
      "board: b",
      "scenario dialect: 3.x",
      "pCPU: 0-3",
      "caches: L2 of 0-1 and of 2-3; L3 of 0-3 (CAT, 12 ways, 8 CLOS)",
      "VMs built: post-launched, real-time: RT on pCPU 2-3",
      "VMs running: none",
      "built from: unknown: two images in /boot",
    ]);
  });

  it("says a VM without an affinity, running VMs, and caches that nobody shares", () => {
    const service = { name: "S", id: 0, load: "service", realtime: false, pcpus: null };
    const summary = factsSummary({
      ...facts,
      vms: {
        known: true,
        value: [service, { ...service, name: "U", load: "post-launched" }, { ...service, name: "T" }],
      },
      caches: { known: true, value: [cache(2, [0]), cache(2, [1])] },
      runningVms: { known: true, value: ["A", "B"] },
    });
    assert.ok(summary.includes("VMs built: service: S, T; post-launched: U"));
    assert.ok(summary.includes("caches: L2 of each pCPU alone"));
    assert.ok(summary.includes("VMs running: A, B"));
  });
});
