import assert from "node:assert/strict";
import { diffTrees, snapshotTree } from "../../../examples/lab/tree";
import { apply } from "../../../provider/converge/apply";
import { machineOf } from "../../../provider/converge/machines";
import type { AcrnError } from "../../../provider/core/errors";
import { parseDeclared } from "../../../sdk/cli/declared/parse";
import { changes, planStack } from "../../../sdk/cli/stack/plan-stack";
import { refuseStack } from "../../../sdk/cli/stack/refused";
import { claimKind } from "./kinds";
import { folderHost } from "./support";

const kinds = (type: string) => (type === "Claim" ? claimKind : undefined);
const ids = (urn: string) => `id of ${urn}`;

function declared(args: Record<string, object>) {
  const resources = Object.entries(args).map(([name, a]) => ({ type: "Claim", name, args: a }));
  return parseDeclared({ text: JSON.stringify({ name: "s", resources }), file: "s.json" }, kinds);
}

describe("sdk/cli/stack", () => {
  const RT = { vm: "POST_RT_VM1" };
  const STD = { vm: "POST_STD_VM1" };

  it("hands over arguments and outputs, whatever the order in the file", async () => {
    const draft = await machineOf({ connection: { root: folderHost() } }).draft();
    const { resources, whole } = planStack(
      draft,
      declared({ b: { ...STD, of: [{ ref: "a" }] }, a: { ...RT, pcpus: [1] } }),
      ids,
    );
    assert.deepEqual(whole.lines.slice(0, 2), [
      "scenario vm[POST_RT_VM1]/cpu_affinity: 3 => 1",
      "scenario vm[POST_STD_VM1]/cpu_affinity: 1-2 => 2",
    ]);
    assert.deepEqual(
      resources.map((r) => [r.name, r.planned.reasons[0]]),
      [
        ["a", "POST_RT_VM1 after nobody"],
        ["b", "POST_STD_VM1 after POST_RT_VM1"],
      ],
    );
  });

  it("says which files and texts of the machine it names", async () => {
    const draft = await machineOf({ connection: { root: folderHost() } }).draft();
    const texts = (args: unknown) => [`proc/sys/${(args as { vm: string }).vm}`];
    const naming = () => ({ ...claimKind, files: () => ["/etc/default/grub"], texts });
    const file = { ...declared({ a: { ...RT, pcpus: [1] }, b: { ...STD, pcpus: [0] } }), kinds: naming };
    const stack = planStack(draft, file, ids);
    assert.deepEqual(stack.files, ["/etc/default/grub", "/etc/default/grub"]);
    assert.deepEqual(stack.texts, ["proc/sys/POST_RT_VM1", "proc/sys/POST_STD_VM1"]);
  });

  it("is one plan: a field that several touch goes straight to its end, and each file is shown once", async () => {
    const draft = await machineOf({ connection: { root: folderHost() } }).draft();
    const { whole } = planStack(
      draft,
      declared({ a: { ...RT, pcpus: [1] }, b: { ...RT, pcpus: [2] }, c: { ...STD, pcpus: [0] } }),
      ids,
    );
    assert.deepEqual(
      whole.plan.edits.map((e) => [e.field, e.shown.before, e.shown.after]),
      [
        ["scenario vm[POST_RT_VM1]/cpu_affinity", "3", "2"],
        ["scenario vm[POST_STD_VM1]/cpu_affinity", "1-2", "0"],
      ],
    );
    assert.equal(whole.plan.files.length, 1);
    assert.equal(whole.plan.files[0]?.before, undefined);
    assert.equal(whole.plan.notes.length, 1);
  });

  it("options of the hypervisor beside the CorePartition that they refer to", async () => {
    const draft = await machineOf({ connection: { root: folderHost() } }).draft();
    const resources = [
      { type: "HypervisorFeatures", name: "features", args: { scheduler: "prio", partition: { ref: "cores" } } },
      { type: "CorePartition", name: "cores", args: { vms: { POST_RT_VM1: [3] } } },
    ];
    const file = parseDeclared({ text: JSON.stringify({ name: "s", resources }), file: "s.json" });
    const { whole } = planStack(draft, file, ids);
    assert.deepEqual(
      whole.plan.edits.filter(({ field }) => field.includes("hv/")).map(({ after }) => after),
      ["SCHED_PRIO"],
    );
  });

  it("two RtVms on one launch script are refused, with the place in the file and the other by name", async () => {
    const draft = await machineOf({ connection: { root: folderHost() } }).draft();
    const rt = (vm: string) => ({
      name: vm,
      partition: { pcpus: { [vm]: [3] } },
      script: { owned: "/root/acrn-work/rt.sh" },
    });
    const resources = ["POST_RT_VM1", "NEW"].map((vm) => ({
      type: "RtVm",
      name: `rt ${vm}`.replace(" ", "-"),
      args: rt(vm),
    }));
    const file = parseDeclared({ text: JSON.stringify({ name: "s", resources }, null, 1), file: "s.json" });
    assert.throws(
      () => planStack(draft, file, ids),
      (error: AcrnError) =>
        error.code === "declared.taken" &&
        error.where?.file === "s.json" &&
        error.property === "resources[1].args.script.owned" &&
        error.message.includes("/root/acrn-work/rt.sh is rt-POST_RT_VM1's already"),
    );
  });

  it("one that is refused refuses the file; what refers to it says nothing of its own", async () => {
    const draft = await machineOf({ connection: { root: folderHost() } }).draft();
    const file = declared({
      a: { ...RT, refuse: true },
      b: { ...STD, of: [{ ref: "a" }] },
      c: { ...STD, refuse: true, pcpus: [0] },
    });
    const stack = planStack(draft, file, ids);
    assert.deepEqual(
      stack.resources.map((r) => r.name),
      ["a", "c"],
    );
    assert.throws(
      () => refuseStack(stack, file),
      /^AcrnError: s\.json:1:\d+: T: POST_RT_VM1 is refused[\s\S]*also T: POST_STD_VM1 is refused/,
    );
  });

  it("checks what a reference brought against the schema, at its place", async () => {
    const draft = await machineOf({ connection: { root: folderHost() } }).draft();
    const file = declared({ a: { ...RT, pcpus: [1] }, b: { vm: { ref: "a" } } });
    assert.throws(() => planStack(draft, file, ids), /s\.json:1:\d+: resources\[1\]\.args\.vm: must be a string/);
  });

  it("is carried out whole or not at all, is idempotent, and withdraws last", async () => {
    const root = folderHost();
    const before = snapshotTree(root);
    const machine = machineOf({ connection: { root } });
    const all = declared({ a: { ...RT, pcpus: [1] }, b: { ...STD, pcpus: [0] } });
    const refused = declared({ a: { ...RT, pcpus: [1] }, b: { ...STD, pcpus: [0], refuse: true } });
    const carry = (file: typeof all) => apply(machine, { plan: (draft) => planStack(draft, file, ids).whole });
    await assert.rejects(carry(refused), /POST_STD_VM1 is refused/);
    const kept = diffTrees(before, snapshotTree(root), { times: false });
    assert.deepEqual(
      kept.filter((line) => !/^var\/lib\/pulumi-acrn: appeared/.test(line)),
      [],
    );
    assert.equal((await carry(all)).changed, true);
    const draft = await machine.draft();
    assert.equal(changes(planStack(draft, all, ids), draft), false);
    // a is gone and c takes its field: it never falls back in between.
    const swapped = planStack(draft, declared({ b: { ...STD, pcpus: [0] }, c: { ...RT, pcpus: [2] } }), ids);
    assert.deepEqual(swapped.whole.lines, [
      "scenario vm[POST_RT_VM1]/cpu_affinity: 1 => 2",
      "scenario vm[POST_RT_VM1]/cpu_affinity: releases 1",
    ]);
    await carry(declared({ c: { ...RT, pcpus: [2] } }));
    await carry(declared({}));
    const left = diffTrees(before, snapshotTree(root), { times: false });
    assert.deepEqual(
      left.filter((line) => !/^var\/lib\/pulumi-acrn: appeared/.test(line)),
      [],
    );
  });
});
