import assert from "node:assert/strict";
import { sharedPcpus, showShared } from "../../../../provider/core/acrn/features/sharing";
import type { LoadOrder, VmView } from "../../../../provider/core/acrn/types";

const vm = (key: string, load: LoadOrder, affinity?: number[]): VmView => ({
  key,
  id: 0,
  load,
  realtime: false,
  lapicPassthrough: false,
  ownPcpu: false,
  line: 1,
  ...(affinity ? { affinity } : {}),
});
const service = vm("S", "service", [0, 1, 2, 3]);

describe("features: pCPUs that VMs share", () => {
  const rows: [string, VmView[], Record<string, number[]>, string][] = [
    ["none", [vm("A", "post-launched", [1]), vm("B", "post-launched", [2])], {}, ""],
    ["two VMs", [vm("A", "post-launched", [1, 2, 3]), vm("B", "post-launched", [1, 2])], {}, "A and B on pCPU 1-2"],
    ["a launch takes them from the Service VM", [service, vm("A", "post-launched", [2])], {}, ""],
    [
      "nothing takes them from it for a pre-launched VM",
      [service, vm("P", "pre-launched", [3])],
      {},
      "P and S on pCPU 3",
    ],
    [
      "two VMs beside the Service VM",
      [service, vm("A", "post-launched", [1]), vm("B", "post-launched", [1])],
      {},
      "A and B on pCPU 1",
    ],
    ["a CorePartition that parts them", [vm("A", "post-launched", [1]), vm("B", "post-launched", [1])], { A: [2] }, ""],
    ["a Service VM without pCPUs of its own (3.x)", [vm("S", "service"), vm("A", "pre-launched", [1])], {}, ""],
  ];
  for (const [name, vms, declared, expected] of rows)
    it(name, () => assert.equal(showShared(sharedPcpus(vms, declared)), expected));
});
