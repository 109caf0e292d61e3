import assert from "node:assert/strict";
import { buildScenario, type ScenarioSpec } from "../../examples/lab/builder";
import { refuseUnfit } from "../../provider/converge/image/unfit";
import { cell } from "../resources/cache-clos.world";

const VMS: ScenarioSpec["vms"] = [
  { kind: "service", cpus: [0] },
  { kind: "post-rt", name: "RT", cpus: [2, 3] },
  { kind: "post", name: "STD", cpus: [1] },
];
const text = (more: Partial<ScenarioSpec>) => buildScenario({ name: "s", board: "b", vms: VMS, ...more });
const onto = (pcpu: number): ScenarioSpec["vms"] => [...VMS, { kind: "post", name: "STD2", cpus: [pcpu] }];
const gone = { level: 3 as const, id: "0x0", policies: [{ vm: "GONE", vcpu: 0, mask: "0x1" }] };

describe("an image is not built of what ACRN accepts without a word", () => {
  const topology = cell().draft().topology;
  const ROWS: [what: string, no: string, yes: string, said: RegExp, hint: RegExp][] = [
    [
      "VMs that share a pCPU under noop",
      text({ scheduler: "SCHED_NOOP", vms: onto(1) }),
      text({ scheduler: "SCHED_NOOP", vms: onto(4) }),
      /STD and STD2 on pCPU 1/,
      /CorePartition/,
    ],
    [
      "the same, against another scheduler",
      text({ scheduler: "SCHED_NOOP", vms: onto(1) }),
      text({ vms: onto(1) }),
      /STD and STD2 on pCPU 1/,
      /HypervisorFeatures/,
    ],
    [
      "a real-time VM's pCPU that another VM has too",
      text({ vms: onto(2) }),
      text({ vms: onto(4) }),
      /RT and STD2 are both on pCPU 2/,
      /CorePartition/,
    ],
    [
      "classes of a VM that is not there",
      text({ rdt: { enabled: true, allocations: [gone] } }),
      text({ rdt: { enabled: false, allocations: [gone] } }),
      /clos\./,
      /CacheClos/,
    ],
  ];
  it("while a script launches a VM that it lacks", () => {
    const policies = [{ vm: "RT", vcpu: 0, mask: "0x1" }];
    const scenario = (enabled: boolean) => ({
      scenario: { text: text({ rdt: { enabled, allocations: [{ ...gone, policies }] } }), file: "s.xml" },
    });
    const scripts = [{ path: "/root/x.sh", vm: "X" }];
    const said = (error: Error) => /clos\.dynamic-vm: \/root\/x\.sh/.test(error.message);
    assert.throws(() => refuseUnfit(scenario(true), topology, scripts), said);
    assert.throws(
      () => refuseUnfit(scenario(true), topology),
      (error: Error) => !said(error),
    );
    refuseUnfit(scenario(false), topology, scripts);
  });

  for (const [what, no, yes, said, hint] of ROWS)
    it(what, () => {
      const built = (scenario: string) => refuseUnfit({ scenario: { text: scenario, file: "s.xml" } }, topology);
      assert.throws(
        () => built(no),
        (error: Error & { code?: string; hint?: string }) =>
          error.code === "image.rules" && said.test(error.message) && hint.test(error.hint ?? ""),
      );
      built(yes);
    });
});
