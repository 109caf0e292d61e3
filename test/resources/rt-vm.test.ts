import assert from "node:assert/strict";
import type { HostTreeSpec, ScenarioSpec } from "../../examples/lab/builder";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import { identity, MemoryHost } from "../support/memory-host";

const who = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };
const OWNED = "/var/lib/pulumi-acrn/launch/RT.sh";
const NEXT = "/var/lib/pulumi-acrn/images/next/RT.sh";
const ENTRY = "/usr/share/acrn/conf/add/RT.sh";

function cell(dialect: "2.x" | "3.x" = "3.x", more: Partial<HostTreeSpec> = {}): MemoryHost {
  const scenario: ScenarioSpec = {
    name: "s",
    dialect,
    board: "b",
    vms: [
      { kind: "service", cpus: [0, 1] },
      { kind: "post-rt", name: "RT", cpus: [2, 3] },
      { kind: "post", name: "STD", cpus: [1] },
    ],
  };
  const board = { name: "b", dialect, pCores: 4, l3: { ways: 12, cat: true } };
  return new MemoryHost({
    ...identity(`rt ${dialect}`),
    board,
    scenario,
    acrnVersion: dialect === "3.x" ? "3.3" : "2.7",
    ...more,
  });
}

function plan(memory: MemoryHost, args: Record<string, unknown> = {}, pcpus = [2, 3]): Planned {
  const name = (args.name as string | undefined) ?? "RT";
  const parsed = rtVmKind.schema.parse({ name, partition: { pcpus: { [name]: pcpus } }, ...args });
  return planResource(memory.draft(), rtVmKind, who, parsed as RtVmArgs, "id1");
}

function back(memory: MemoryHost): void {
  const owners = Object.values(memory.draft().ledger.owners);
  memory.apply(planWithdrawal(memory.draft(), owners, kindOf));
}

/** The laws that every plan has to keep. */
function lawful(memory: MemoryHost, args: Record<string, unknown>, pcpus?: number[]): Planned {
  const before = memory.image();
  const planned = plan(memory, args, pcpus);
  assert.deepEqual(planned.refusals, []);
  memory.apply(planned);
  assert.deepEqual(plan(memory, args, pcpus).lines, [], "a second plan is empty");
  const after = memory.image();
  back(memory);
  assert.deepEqual(memory.changedSince(before), [], "withdrawn, every byte is back");
  memory.apply(plan(memory, args, pcpus));
  assert.deepEqual(memory.changedSince(after), [], "again the same");
  return planned;
}

describe("RtVm: what it writes", () => {
  it("adopts a VM: claims what is declared, and writes the script", () => {
    const memory = cell();
    const { lines, outputs } = lawful(memory, { memory: "2G" });
    assert.match(lines.join("\n"), /scenario vm\[RT\]\/memory: 1024M? => 2048/);
    assert.match(lines.join("\n"), /file\[\/var\/lib\/pulumi-acrn\/launch\/RT\.sh\] whole: \(absent\) => \d+ lines/);
    assert.deepEqual([outputs.vmId, outputs.pcpus, outputs.apicIds], [1, [2, 3], [4, 6]]);
    assert.match(memory.files.get(OWNED) ?? "", /acrn-dm/);
    assert.match(memory.files.get(SOURCE_PATH) ?? "", /<size>2048<\/size>/);
  });

  it("inserts a VM that the scenario lacks, with its pCPUs; its launch waits for the image", () => {
    const memory = cell();
    const { lines, outputs } = lawful(memory, { name: "NEW", memory: "1G", autostart: true });
    assert.equal(outputs.vmId, 3);
    assert.match(lines.join("\n"), /scenario vm\[NEW\]: \(absent\) =>/);
    assert.ok(memory.files.has(NEXT.replace("RT", "NEW")));
    assert.ok(!memory.files.has(OWNED.replace("RT", "NEW")), "nothing that the booted image would run on any pCPU");
  });

  it("2.x: pCPU ids, flags in the scenario, the rest in the script", () => {
    lawful(cell("2.x"), { memory: "2G", virtio: { block: ["/img/rt.img"] } });
  });

  it("pCPUs that the booted image does not have for it wait in a script of their own", () => {
    const memory = cell();
    const { outputs, pending } = lawful(memory, { autostart: true }, [1, 3]);
    assert.match(String((outputs.waiting as string[])[0]), /pCPU 1,3/);
    const [now, next] = [memory.files.get(OWNED) ?? "", memory.files.get(NEXT) ?? ""];
    assert.match(now, /4,6/);
    assert.match(next, /2,6/);
    assert.match(memory.files.get(ENTRY) ?? "", /images\/next/);
    assert.ok(pending.some(({ field, state }) => field.includes("images/next") && state === "pending"));
  });

  for (const autostart of [true, false])
    it(`autostart ${autostart}: a foreign entry gives way, and comes back`, () => {
      const memory = cell();
      memory.put(ENTRY, "#!/bin/bash\nacrn-dm -m 1G RT\n");
      memory.put(ENTRY.replace(/sh$/, "args"), "\n");
      lawful(memory, { autostart });
      assert.equal(memory.files.has(ENTRY), autostart);
    });

  it("edits an existing script: the named arguments alone", () => {
    const memory = cell();
    const path = [...memory.files.keys()].find((p) => p.endsWith("launch_user_vm_id1.sh")) as string;
    const home = "/root/acrn-work/launch_user_vm_id1.sh";
    const text = memory.files.get(path) as string;
    memory.put(home, text);
    lawful(memory, { script: { edited: home }, memory: "2G", virtioPoll: 500000 });
    const after = memory.files.get(home) as string;
    const changed = after.split("\n").filter((line, at) => line !== text.split("\n")[at]);
    assert.deepEqual(
      changed.map((line) => line.trim()),
      ["-m 2048M", "--virtio_poll 500000"],
    );
  });
});
