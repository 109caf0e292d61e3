import assert from "node:assert/strict";
import fc from "fast-check";
import { buildBoard, buildScenario, vmName } from "../../../../examples/lab/builder";
import { readScenario, readScenarioFeatures, sameFields } from "../../../../provider/core/acrn/scenario";
import type { VmView } from "../../../../provider/core/acrn/types";
import { AcrnError } from "../../../../provider/core/errors";
import { host } from "../../../support/arbitraries";
import { REAL, readReal } from "./support";

const LOAD = { "pre-launched": "pre", service: "service", "post-launched": "post" };

function short(vm: VmView): string {
  const flags = [vm.realtime && "rt", vm.lapicPassthrough && "lapic", vm.ownPcpu && "own"].filter(Boolean);
  return [vm.key, LOAD[vm.load], ...flags, vm.affinity?.join() ?? "-"].join(" ");
}

const HV = "<hv><FEATURES/></hv>";
const vm3 = (inner: string, id = "1") => `<vm id="${id}"><load_order>POST_LAUNCHED_VM</load_order>${inner}</vm>`;
const vm2 = (inner: string, id = "1") => `<vm id="${id}"><vm_type>POST_STD_VM</vm_type>${inner}</vm>`;
const file = (...parts: string[]) => `<acrn-config>\n${[HV, ...parts].join("\n")}\n</acrn-config>\n`;

describe("scenario: dialect (reference 2.2)", () => {
  const rows: [string, string, "2.x" | "3.x", RegExp][] = [
    ["load_order", file(vm3("")), "3.x", /load_order \(line 3\)/],
    ["guest_flags", file(vm2("<guest_flags/>")), "2.x", /guest_flags/],
    ["clos", file(vm2(""), vm2("<clos/>", "2")), "2.x", /clos \(line 4\)/],
    ["legacy_vuart", file(vm2("<legacy_vuart/>")), "2.x", /legacy_vuart/],
    ["direct pcpu_id", file(vm2("<cpu_affinity><pcpu_id>1</pcpu_id></cpu_affinity>")), "2.x", /cpu_affinity\/pcpu_id/],
    [
      "MCE with RELEASE",
      `<acrn-config><hv><FEATURES><MCE_ON_PSC_DISABLED>n</MCE_ON_PSC_DISABLED></FEATURES><DEBUG_OPTIONS><RELEASE>n</RELEASE></DEBUG_OPTIONS></hv>${vm2("")}</acrn-config>`,
      "2.x",
      /RELEASE/,
    ],
    [
      "v3.0: MCE_ON_PSC_DISABLED and load_order",
      `<acrn-config><hv><FEATURES><MCE_ON_PSC_DISABLED>n</MCE_ON_PSC_DISABLED></FEATURES></hv>${vm3("")}</acrn-config>`,
      "3.x",
      /load_order/,
    ],
  ];
  for (const [name, text, dialect, evidence] of rows)
    it(name, () => {
      const scenario = readScenario(text, "s.xml");
      assert.equal(scenario.dialect, dialect);
      assert.match(scenario.dialectEvidence, evidence);
    });
});

describe("scenario: errors with their place", () => {
  const affinity = (inner: string) => vm3(`\n  <cpu_affinity>${inner}</cpu_affinity>`);
  const rows: [string, string, string, string, RegExp][] = [
    [
      "launch file of 2.5",
      '<acrn-config uos_launcher="1"><uos id="1"/></acrn-config>',
      "launch-file",
      "1:1",
      /scenario that belongs/,
    ],
    ["launch file of 2.7", '<acrn-config user_vm_launcher="2"/>', "launch-file", "1:1", /scenario that belongs/],
    ["another root", "<config/>", "root", "1:1", /ACRN scenario/],
    ["board file", "<acrn-config><processors/></acrn-config>", "hv", "1:1", /board file/],
    ["no hv", `<acrn-config>${vm3("")}</acrn-config>`, "hv", "1:1", /exactly one/],
    ["two hv", file("<hv/>", vm3("")), "hv", "3:1", /remove this/],
    ["no vm", file(""), "no-vm", "1:1", /at least one/],
    [
      "no evidence",
      file(vm2("")),
      "dialect",
      "1:1",
      /load_order.*guest_flags.*clos.*legacy_vuart.*pcpu_id.*MCE_ON_PSC_DISABLED/,
    ],
    ["id missing", file("<vm><load_order>SERVICE_VM</load_order></vm>"), "vm-id", "3:1", /id="1"/],
    ["id no number", file(vm3("", "one")), "vm-id", "3:1", /id="1"/],
    ["id twice", file(vm3(""), vm3("")), "duplicate-id", "4:1", /unique/],
    ["name twice", file(vm3("<name>A</name>"), vm3("<name>A</name>", "2")), "duplicate-name", "4:1", /Rename/],
    ["name like an id", file(vm3("", "2"), vm3("<name>#2</name>", "3")), "duplicate-name", "4:1", /nameless/],
    ["load_order unknown", file(vm3("").replace("POST_LAUNCHED_VM", "LATE_VM")), "load-order", "3:12", /SERVICE_VM/],
    ["load_order missing in one", file(vm3(""), '<vm id="2"/>'), "load-order", "4:1", /SERVICE_VM/],
    ["vm_type unknown (2.x)", file(vm2("<clos/>").replace("POST_STD_VM", "RTVM")), "load-order", "3:12", /POST_RT_VM/],
    ["pcpu_id no number", file(affinity("<pcpu><pcpu_id>two</pcpu_id></pcpu>")), "pcpu-id", "4:23", /<pcpu_id>2/],
    ["pcpu_id too large", file(affinity("<pcpu><pcpu_id>4096</pcpu_id></pcpu>")), "pcpu-id", "4:23", /number/],
    ["pcpu_id empty", file(affinity("<pcpu><pcpu_id/></pcpu>")), "pcpu-id", "4:23", /number/],
    ["pcpu without pcpu_id", file(affinity("<pcpu/>")), "pcpu-id", "4:17", /number/],
    ["2.x form in 3.x", file(affinity("<pcpu_id>2</pcpu_id>")), "affinity", "4:17", /<pcpu><pcpu_id>/],
    ["two affinities", file(vm3("<cpu_affinity/><cpu_affinity/>")), "affinity", "3:68", /one of the two/],
  ];
  for (const [name, text, code, place, hint] of rows)
    it(name, () => {
      assert.throws(
        () => readScenario(text, "s.xml"),
        (error: unknown) => {
          assert.ok(error instanceof AcrnError, String(error));
          assert.equal(error.code, `scenario.${code}`);
          assert.equal(`${error.where?.file}:${error.where?.line}:${error.where?.column}`, `s.xml:${place}`);
          assert.match(error.hint ?? "", hint);
          return true;
        },
      );
    });
});

describe("scenario: view", () => {
  for (const [name, expected] of Object.entries(REAL))
    it(`of ${name}`, function () {
      const scenario = readScenario(readReal(this, name), name);
      assert.equal(scenario.dialect, expected.dialect);
      assert.deepEqual(scenario.vms.map(short), expected.vms);
      assert.equal(scenario.rdtEnabled, false);
    });

  it("refuses ACRN's own file with a name twice", function () {
    const name = "v3.4-dev/whl-ipc-i5/shared_launch_1user_vm_hardrt.xml";
    const text = readReal(this, name);
    assert.throws(() => readScenario(text, name), { code: "scenario.duplicate-name" });
  });

  it("of any built scenario: what the spec says", () => {
    fc.assert(
      fc.property(host({ textOnly: false }), ({ board, scenario }) => {
        assert.ok(buildBoard(board));
        const view = readScenario(buildScenario(scenario), "s.xml");
        assert.equal(view.dialect, scenario.dialect);
        assert.equal(view.rdtEnabled, scenario.rdt?.enabled);
        for (const [id, vm] of scenario.vms.entries()) {
          const seen = view.vms[id];
          assert.equal(seen?.key, vmName(scenario, id) ?? `#${id}`);
          assert.equal(seen?.realtime, vm.kind === "post-rt" || vm.kind === "pre-rt");
          assert.equal(seen?.ownPcpu, vm.ownPcpu ?? false);
          const implicit = scenario.dialect === "3.x" && vm.kind === "service";
          assert.deepEqual(seen?.affinity, implicit ? undefined : vm.cpus);
        }
      }),
    );
  });

  it("features: scheduler and the vUART timer's pCPU", () => {
    const spec = { name: "s", board: "b", vms: [{ kind: "service" as const, cpus: [] }], scheduler: "SCHED_NOOP" };
    assert.deepEqual(readScenarioFeatures(buildScenario(spec), "s.xml"), {
      scheduler: "SCHED_NOOP",
      vuartTimerPcpu: 0,
    });
    assert.deepEqual(readScenarioFeatures(file(vm3("")), "s.xml"), {});
  });

  it("sameFields: white space and line ends do not count, values and comments do", () => {
    const one = file(vm3("<name>A</name>"));
    assert.ok(sameFields(one, one.replaceAll("\n", "\r\n").replace("<name>", "\n  <name>"), "s.xml"));
    assert.ok(!sameFields(one, one.replace("<name>A", "<name>B"), "s.xml"));
    assert.ok(!sameFields(one, one.replace("<name>", "<!-- x --><name>"), "s.xml"));
  });
});
