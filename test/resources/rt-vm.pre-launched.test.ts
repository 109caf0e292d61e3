import assert from "node:assert/strict";
import type { ScenarioSpec } from "../../examples/lab/builder";
import { planActivation } from "../../provider/converge/activate/plan";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { activationSchema } from "../../provider/resources/activation";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import { identity, MemoryHost } from "../support/memory-host";

const who = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };
const CFG = "/etc/default/grub.d/pulumi-acrn-PRE.cfg";

function cell(): MemoryHost {
  const scenario: ScenarioSpec = {
    name: "s",
    dialect: "3.x",
    board: "b",
    vms: [
      { kind: "pre-rt", name: "PRE", cpus: [2, 3] },
      { kind: "service", cpus: [0, 1] },
      { kind: "post", name: "STD", cpus: [1] },
    ],
  };
  const board = { name: "b", pCores: 4, l3: { ways: 12, cat: true } };
  return new MemoryHost({ ...identity("pre"), board, scenario, acrnVersion: "3.3" });
}

function plan(memory: MemoryHost, args: Record<string, unknown> = {}, pcpus = [2, 3]): Planned {
  const name = (args.name as string | undefined) ?? "PRE";
  const parsed = rtVmKind.schema.parse({
    name,
    load: "pre-launched",
    partition: { pcpus: { [name]: pcpus } },
    ...args,
  });
  return planResource(memory.draft(), rtVmKind, who, parsed as RtVmArgs, "id1");
}

describe("RtVm: pre-launched", () => {
  it("edits scenario and GRUB's arguments, and gives both back", () => {
    const memory = cell();
    const before = memory.image();
    const args = { memory: "1G", bootArgs: "root=/dev/sda3 isolcpus=1 nohz_full=1" };
    const { refusals, lines, plan: planned } = plan(memory, args, [3]);
    assert.deepEqual(refusals, []);
    assert.match(lines.join("\n"), /scenario vm\[PRE\]\/cpu_affinity: 2-3 => 3/);
    memory.apply(plan(memory, args, [3]));
    assert.match(
      memory.files.get(CFG) ?? "",
      /^export GRUB_ACRN_MOD_CMDLINE_\w+="root=\/dev\/sda3 isolcpus=1 nohz_full=1"$/m,
    );
    assert.deepEqual(plan(memory, args, [3]).lines, []);
    assert.deepEqual(
      planned.acts.map(({ act }) => act),
      ["hypervisor-install", "update-grub", "host-reboot"],
    );
    memory.apply(planWithdrawal(memory.draft(), Object.values(memory.draft().ledger.owners), kindOf));
    assert.deepEqual(memory.changedSince(before), []);
  });

  it("an Activation makes GRUB's menu anew, and says that the machine cannot be rebooted from here", () => {
    const memory = cell();
    memory.apply(plan(memory, { bootArgs: "quiet" }));
    const args = activationSchema.parse({ allow: ["update-grub", "host-reboot"] });
    const { lines, obstacles } = planActivation(memory.draft(), args, kindOf);
    assert.match(lines[0] ?? "", /^update-grub: /);
    assert.match(obstacles.join(), /PRE is a pre-launched real-time VM: the Service VM cannot reset the machine/);
    const alone = planActivation(memory.draft(), activationSchema.parse({ allow: ["update-grub"] }), kindOf);
    assert.deepEqual(alone.obstacles, []);
    assert.equal(alone.lines.length, 1);
  });

  it("other arguments than those that were booted are not in GRUB's menu, however old the file is", () => {
    const memory = cell();
    memory.put("/boot/grub/grub.cfg", "menu\n");
    memory.apply(plan(memory, { bootArgs: "quiet" }));
    const acts = (bootArgs: string) => plan(memory, { bootArgs }).plan.acts.map(({ act }) => act);
    assert.deepEqual(acts("quiet"), []);
    assert.deepEqual(acts("quiet isolcpus=1"), ["update-grub", "host-reboot"]);
  });

  it("warned of: a kernel that GRUB is not told, and memory that the board has not", () => {
    const memory = cell();
    const warned = (args: Record<string, unknown>) => plan(memory, args).warnings.join("\n");
    assert.match(warned({ bootArgs: "quiet" }), /no GRUB_ACRN_MOD_VM0_bzImage names its kernel/);
    assert.equal(warned({}), "");
    memory.put("/etc/default/grub.d/mine.cfg", "export GRUB_ACRN_MOD_VM0_bzImage=/boot/rt\n");
    assert.equal(warned({ bootArgs: "quiet" }), "");
    assert.match(warned({ memory: "14G" }), /PRE 15360, STD 1024\), and the board has 16383 MiB/);
    assert.equal(warned({ memory: "13G" }), "");
  });

  it("refuses arguments that the Service VM's kernel would get as well", () => {
    const memory = cell();
    for (const [path, text] of memory.files)
      if (path.endsWith("/scenario.xml")) memory.put(path, text.replace("VM0_bzImage", "Linux_bzImage"));
    const [found] = plan(memory, { bootArgs: "quiet" }).refusals;
    assert.deepEqual([found?.code, found?.property], ["rtvm.boot-args", "bootArgs"]);
    assert.deepEqual(plan(memory, {}).refusals, []);
  });

  const rows: [string, Record<string, unknown>, string, number[]?][] = [
    ["a script", { script: { owned: "/x.sh" } }, "script"],
    ["autostart", { autostart: true }, "autostart"],
    ["a loader", { loader: "ovmf" }, "loader"],
    ["arguments of acrn-dm", { dmArgs: ["--debugexit"] }, "dmArgs"],
    ["a VM that is post-launched", { name: "STD" }, "name"],
    ["a VM that is not there", { name: "NEW" }, "name"],
    ["no pCPUs", {}, "partition", []],
    ["without LAPIC passthrough", { lapicPassthrough: false }, "lapicPassthrough"],
    ["arguments that GRUB would take apart", { bootArgs: 'a="b c"' }, "bootArgs"],
    ["memory that the board has not", { memory: "900G" }, "memory"],
  ];
  for (const [name, args, property, pcpus] of rows)
    it(`refuses ${name}`, () => {
      const { refusals, lines } = plan(cell(), args, pcpus);
      assert.equal(refusals[0]?.property, property, JSON.stringify(refusals));
      assert.ok(refusals[0]?.hint);
      assert.deepEqual(lines, []);
    });
});
