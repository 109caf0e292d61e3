import assert from "node:assert/strict";
import type { RdtSpec } from "../../examples/lab/builder";
import { cacheGaps } from "../../provider/converge/activate/gaps";
import { planActivation } from "../../provider/converge/activate/plan";
import { activationSchema } from "../../provider/resources/activation";
import { kindOf } from "../../provider/resources/kinds";
import { cell, plan, RT_CLASS, SOURCE } from "../resources/cache-clos.world";
import type { MemoryHost } from "../support/memory-host";

/** A host whose classes are written and not running. */
function declared(): MemoryHost {
  const memory = cell();
  memory.apply(plan(memory, RT_CLASS));
  return memory;
}

function obstacles(memory: MemoryHost, allow: string[]): string[] {
  return planActivation(memory.draft(), activationSchema.parse({ allow }), kindOf).obstacles.filter((each) =>
    /clos\./.test(each),
  );
}

const ALL = ["hypervisor-install", "host-reboot", "rtvm-power-cycle"];

describe("Activation: gaps in cache classes", () => {
  it("what CacheClos writes has none", () => {
    const memory = declared();
    const draft = memory.draft();
    assert.deepEqual(cacheGaps(draft.documents, draft.topology), []);
    assert.deepEqual(obstacles(memory, ALL), []);
  });

  it("a VM that came otherwise keeps the image from being installed, and nothing else", () => {
    const memory = declared();
    const text = memory.files.get(SOURCE) as string;
    memory.put(SOURCE, text.replaceAll("<VM>STD</VM>", "<VM>GONE</VM>"));
    const found = obstacles(memory, ALL);
    assert.match(
      found.join("\n"),
      /STD has no POLICY while RDT is on.* \(clos\.no-policy\): such an image is not installed/,
    );
    assert.deepEqual(obstacles(memory, ["rtvm-power-cycle"]), []);
  });

  it("a script of a VM that the scenario lacks keeps it from being installed, too", () => {
    const memory = declared();
    memory.put("/root/acrn-work/gone.sh", "#!/bin/bash\nacrn-dm -m 512M GONE\n");
    assert.match(obstacles(memory, ALL).join(), /launches "GONE".*stops the machine.* \(clos\.dynamic-vm\)/);
    memory.put("/root/acrn-work/gone.sh", "#!/bin/bash\nacrn-dm -m 512M STD\n");
    assert.deepEqual(obstacles(memory, ALL), []);
  });

  it("another VM on a real-time VM's pCPU keeps it from being installed, too", () => {
    const memory = declared();
    const text = memory.files.get(SOURCE) as string;
    const said = () =>
      planActivation(memory.draft(), activationSchema.parse({ allow: ALL }), kindOf).obstacles.filter((each) =>
        /cores\.shared/.test(each),
      );
    assert.deepEqual(said(), []);
    memory.put(SOURCE, text.replace("<pcpu_id>4</pcpu_id>", "<pcpu_id>3</pcpu_id>"));
    assert.match(said().join(), /RT and STD are both on pCPU 3/);
  });

  it("VMs that share pCPUs under noop keep it from being installed, too", () => {
    const memory = declared();
    const text = memory.files.get(SOURCE) as string;
    const said = () =>
      planActivation(memory.draft(), activationSchema.parse({ allow: ALL }), kindOf).obstacles.filter((each) =>
        /noop/.test(each),
      );
    memory.put(SOURCE, text.replace("SCHED_BVT", "SCHED_NOOP"));
    assert.deepEqual(said(), []);
    // STD where RT is
    const shared = text.replace(/(<name>STD<\/name>[\s\S]*?<pcpu_id>)\d+/, "$13");
    assert.notEqual(shared, text);
    memory.put(SOURCE, shared.replace("SCHED_BVT", "SCHED_NOOP"));
    assert.match(said().join(), /RT and STD on pCPU 3 \(features\.noop-shared\)/);
    memory.put(SOURCE, shared);
    assert.deepEqual(said(), []);
  });

  it("with RDT off nobody asks, not even for the board", () => {
    const rdt: RdtSpec = {
      enabled: false,
      allocations: [{ level: 3, id: "0x0", policies: [{ vm: "X", vcpu: 0, mask: "0" }] }],
    };
    const draft = cell({ scenario: { rdt } }).draft();
    const never = (): never => assert.fail("the board was asked");
    assert.deepEqual(cacheGaps(draft.documents, never), []);
  });
});
