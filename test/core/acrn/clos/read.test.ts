import assert from "node:assert/strict";
import { buildBoard, buildScenario, type ScenarioSpec } from "../../../../examples/lab/builder";
import { readBoard } from "../../../../provider/core/acrn/board";
import { closFaultsOf } from "../../../../provider/core/acrn/clos/faults";
import { closVms } from "../../../../provider/core/acrn/clos/layout";
import { readClosSettings } from "../../../../provider/core/acrn/clos/read";

const FILE = "scenario.xml";
const BOARD = readBoard(buildBoard({ name: "b", pCores: 4, l3: { ways: 12, cat: true } }), "b.xml");

const vms: ScenarioSpec["vms"] = [
  { kind: "pre", name: "PRE", cpus: [3] },
  { kind: "service", name: "SVM", cpus: [0] },
  { kind: "post-rt", name: "RT", cpus: [2, 1] },
];

const text = (more: Partial<ScenarioSpec>) => buildScenario({ name: "s", board: "b", vms, ...more });

describe("cache classes of a scenario file", () => {
  it("3.x: allocations in document order, with lines", () => {
    const policies = [{ vm: "RT", vcpu: 1, mask: "0x0F" }];
    const made = text({ rdt: { enabled: true, cdp: true, allocations: [{ level: 3, id: "0x0", policies }] } });
    const { line, allocations, ...rest } = readClosSettings(made, FILE);
    assert.deepEqual(rest, { dialect: "3.x", rdt: true, cdp: true, vcat: false, masks: [], delays: [] });
    const lines = made.split("\n");
    assert.match(lines[line - 1] ?? "", /RDT_ENABLED/);
    const [allocation] = allocations;
    assert.deepEqual([allocation?.level, allocation?.id], [3, "0x0"]);
    assert.match(lines[(allocation?.line ?? 0) - 1] ?? "", /<CACHE_ALLOCATION>/);
    const { line: at = 0, ...policy } = allocation?.policies[0] ?? {};
    assert.deepEqual(policy, { vm: "RT", vcpu: "1", type: "Unified", mask: "0x0F" });
    assert.match(lines[at - 1] ?? "", /<POLICY>/);
  });

  it("2.x: lists, and the ids of each VM", () => {
    const made = text({ dialect: "2.x", rdt: { enabled: true, masks: ["0xf", "0xf0"], mbaDelays: [0, 10] } });
    const { masks, delays, allocations, dialect } = readClosSettings(made, FILE);
    assert.deepEqual([dialect, allocations], ["2.x", []]);
    assert.deepEqual(
      [masks.map((each) => each.text), delays.map((each) => each.text)],
      [
        ["0xf", "0xf0"],
        ["0", "10"],
      ],
    );
    assert.deepEqual(
      closVms(made, FILE, BOARD)
        .find(({ key }) => key === "RT")
        ?.clos?.map((each) => each.text),
      ["0", "0"],
    );
  });

  it("vCPU i is on the i-th smallest pCPU; the Service VM has what pre-launched VMs leave", () => {
    const found = closVms(text({}), FILE, BOARD).map(({ key, pcpus, realtime }) => [key, pcpus.join(), realtime]);
    assert.deepEqual(found, [
      ["PRE", "3", false],
      ["RT", "1,2", true],
      ["SVM", "0,1,2", false],
    ]);
  });

  it("vCPUs that are marked as real-time ones, by the place of their pCPU; a pCPU that comes is marked too", () => {
    const marked = (from: string, pcpus?: number[]) => {
      const placed = { pcpus: pcpus ? { RT: pcpus } : {}, realtime: [] };
      return closVms(from, FILE, BOARD, placed).find(({ key }) => key === "RT")?.realtimeVcpus;
    };
    const both = text({});
    // RT's entries stand as 1 or 2; the builder marks both
    const one = both.replace(/(<pcpu_id>1<\/pcpu_id>\s*<real_time_vcpu>)y/, "$1n");
    assert.notEqual(one, both);
    assert.deepEqual(marked(both), [true, true]);
    assert.deepEqual(marked(one), [false, true]);
    assert.deepEqual(marked(one, [1, 3]), [false, true]);
    assert.deepEqual(marked(one, [1]), undefined, "none is marked: nobody can tell");
    const silent = both.replace(/<real_time_vcpu>.<\/real_time_vcpu>/g, "");
    assert.equal(marked(silent), undefined);
    const half = both.replace(/(<pcpu_id>2<\/pcpu_id>\s*)<real_time_vcpu>y<\/real_time_vcpu>/, "$1");
    assert.deepEqual(marked(half), [true, false], "without the element it is n");
    assert.equal(closVms(both, FILE, BOARD).find(({ key }) => key === "PRE")?.realtimeVcpus, undefined);
  });

  it("VMs that go, and real-time VMs that will be none", () => {
    const placed = { pcpus: {}, realtime: [], leaving: ["PRE"], standard: ["RT"] };
    const found = closVms(text({}), FILE, BOARD, placed).map(({ key, pcpus, realtime }) => [
      key,
      pcpus.join(),
      realtime,
    ]);
    assert.deepEqual(found, [
      ["RT", "1,2", false],
      ["SVM", "0,1,2,3", false],
    ]);
  });

  it("what the program places counts before the file, and a VM that is not there yet is there", () => {
    const placed = { pcpus: { RT: [3, 2], PRE: [1], NEW: [0] }, realtime: ["NEW", "PRE"] };
    const found = closVms(text({}), FILE, BOARD, placed).map(({ key, pcpus, realtime }) => [
      key,
      pcpus.join(),
      realtime,
    ]);
    assert.deepEqual(found, [
      ["NEW", "0", true],
      ["PRE", "1", true],
      ["RT", "2,3", true],
      ["SVM", "0,2,3", false],
    ]);
  });

  it("a script of a VM that the scenario lacks counts by its place, and where VMs have names", () => {
    const rdt = { enabled: true, masks: ["0xfff"] };
    const rules = (from: string, path: string) =>
      closFaultsOf(from, FILE, BOARD, [{ path, vm: "GONE" }])
        .filter(({ rule }) => rule === "clos.dynamic-vm")
        .map(({ severity, message }) => `${severity} ${/\((.*)\)$/.exec(message)?.[1]}`);
    const now = text({ rdt });
    assert.deepEqual(rules(now, "/root/acrn-work/x.sh"), ["error once it is run"]);
    assert.deepEqual(rules(now, "/usr/share/acrn/conf/add/GONE.sh"), ["error acrnd starts it at every boot"]);
    assert.deepEqual(rules(now, "/usr/share/acrn/launch-scripts/b/s/launch_user_vm_id3.sh"), [
      "warning once it is run",
    ]);
    assert.deepEqual(rules(now, "/var/lib/pulumi-acrn/images/1/GONE.sh"), []);
    assert.deepEqual(rules(text({ rdt: { enabled: false } }), "/root/x.sh"), []);
    const old = text({ dialect: "2.x", rdt });
    assert.deepEqual(rules(old, "/root/x.sh"), [], "known by UUIDs up to v2.6");
    assert.deepEqual(rules(old.replaceAll("SOS_VM", "SERVICE_VM"), "/root/x.sh"), ["error once it is run"]);
  });

  it("faults of a file as it stands; none while RDT is off", () => {
    const rules = (enabled: boolean) =>
      closFaultsOf(text({ rdt: { enabled } }), FILE, BOARD).map(({ rule, vm }) => `${rule} ${vm}`);
    assert.deepEqual(rules(true), ["clos.no-policy PRE", "clos.no-policy RT", "clos.no-policy SVM"]);
    assert.deepEqual(rules(false), []);
  });
});
