import assert from "node:assert/strict";
import fc from "fast-check";
import {
  affinityId,
  hvId,
  hvOfField,
  scenarioSurface,
  vmFieldId,
  vmId,
  vmOfAffinity,
  vmOfField,
} from "../../../../provider/core/acrn/scenario-surface";
import type { FieldValue } from "../../../../provider/core/claims/types";

describe("scenario surface: ids of fields", () => {
  it("tell the VM and the field, whatever the name holds", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        assert.deepEqual(vmOfField(vmId(name)), { vm: name, field: undefined });
        assert.deepEqual(vmOfField(vmFieldId(name, "memory")), { vm: name, field: "memory" });
        assert.equal(vmOfAffinity(affinityId(name)), name);
        assert.equal(vmOfAffinity(vmId(name)), undefined);
        assert.ok(vmId(name) < vmFieldId(name, "PTM"));
      }),
    );
  });

  it("names with brackets", () => {
    for (const name of ["A]", "A]/memory", "vm[B]", "]/x[", ""]) {
      assert.deepEqual(vmOfField(vmId(name)), { vm: name, field: undefined });
      assert.deepEqual(vmOfField(vmFieldId(name, "clos")), { vm: name, field: "clos" });
    }
  });

  it("another document's field is none", () => {
    for (const id of ["launch vm[A]", "scenario hv/FEATURES/SCHEDULER", "scenario vm[A", "vm[A]"])
      assert.equal(vmOfField(id), undefined);
  });

  it("a leaf below hv", () => {
    assert.equal(hvId("hv/BUILD_TYPE"), "scenario hv/BUILD_TYPE");
    assert.equal(hvOfField("scenario hv/BUILD_TYPE"), "hv/BUILD_TYPE");
    for (const id of [vmId("hv/x"), "launch hv/BUILD_TYPE"]) assert.equal(hvOfField(id), undefined);
  });

  it("a field that this version does not know", () => {
    for (const key of ["vm[A]/nice", "hv/RDT", "cpu_affinity", "vm_type", ""]) {
      assert.throws(() => scenarioSurface.read("<x/>", "s.xml", key), { code: "field.unknown" });
      assert.equal(scenarioSurface.takes(key, { any: 1 }, "<y/>"), true);
    }
  });
});

describe("scenario surface: what a ledger may hold", () => {
  const vm = { id: 1, load: "post-launched", realtime: true };
  const rows: [string, FieldValue, string | undefined, boolean][] = [
    ["vm[A]", vm, "<vm id='1'/>", true],
    ["vm[A]", vm, "<hv/>", false],
    ["vm[A]", { ...vm, id: "1" }, undefined, false],
    ["vm[A]", { id: 1 }, undefined, false],
    ["vm[A]", [1], undefined, false],
    ["vm[A]/cpu_affinity", [1, 2], "<cpu_affinity/>", true],
    ["vm[A]/cpu_affinity", true, undefined, false],
    ["vm[A]/vm_type", true, "<vm_type/>", true],
    ["vm[A]/vm_type", "RTVM", undefined, false],
    ["vm[A]/lapic_passthrough", true, "<guest_flags/>", true],
    ["vm[A]/lapic_passthrough", true, "<lapic_passthrough/>", true],
    ["vm[A]/lapic_passthrough", true, "<memory/>", false],
    ["vm[A]/memory", 1024, "<memory/>", true],
    ["vm[A]/memory", [1024], undefined, false],
    ["vm[A]/pci_devs", ["a"], "<pci_devs/>", true],
    ["vm[A]/pci_devs", [1], undefined, false],
    ["vm[A]/pci_devs", "a", undefined, false],
    ["vm[A]/virtio_devices", [{ kind: "block", path: "x" }], "<virtio_devices/>", true],
    ["vm[A]/virtio_devices", ["block"], undefined, false],
    ["vm[A]/PTM", 1, undefined, false],
    ["vm[A]/clos", [0, 0], "<clos/>", true],
    ["vm[A]/clos", [true], undefined, false],
    ["hv/BUILD_TYPE", "release", "<BUILD_TYPE>debug</BUILD_TYPE>", true],
    ["hv/BUILD_TYPE", true, undefined, false],
    ["hv/FEATURES/HYPERV_ENABLED", true, "<HYPERV_ENABLED/>", true],
    ["hv/FEATURES/HYPERV_ENABLED", 1, undefined, false],
    ["hv/FEATURES/HYPERV_ENABLED", true, "<NVMX_ENABLED/>", false],
    ["hv/FEATURES/HYPERV_ENABLED", true, "<HYPERV_ENABLED/> ", false],
    ["hv/FEATURES/HYPERV_ENABLED", true, "<HYPERV_ENABLED/><HYPERV_ENABLED/>", false],
    ["hv/FEATURES/RDT/CLOS_MASK", ["0xf"], "<CLOS_MASK/> <!-- a --> <CLOS_MASK/>", true],
    ["hv/FEATURES/RDT/CLOS_MASK", ["0xf"], "<CLOS_MASK/><MBA_DELAY/>", false],
    ["hv/FEATURES/RDT/CLOS_MASK", ["0xf"], "", false],
    ["hv/FEATURES/RDT/CLOS_MASK", ["0xf"], "</list>", false],
    ["hv/FEATURES/RDT/CLOS_MASK", [], undefined, false],
    ["hv/FEATURES/RDT/CLOS_MASK", [15], undefined, false],
    ["hv/FEATURES/RDT/CLOS_MASK", "0xf", undefined, false],
  ];
  for (const [key, value, raw, taken] of rows)
    it(`${key} ${JSON.stringify(value)} ${raw ?? ""}: ${taken}`, () =>
      assert.equal(scenarioSurface.takes(key, value, raw), taken));
});

describe("scenario surface: values for people", () => {
  const rows: [FieldValue, string][] = [
    [[1, 2, 3], "1-3"],
    [[0, 0], "0,0"],
    [[], "none"],
    [true, "y"],
    [false, "n"],
    [1024, "1024"],
    ["maybe", "maybe"],
    [null, "null"],
    [{ id: 4, load: "post-launched", realtime: true }, "post-launched RTVM with id 4"],
    [{ id: 0, load: "service", realtime: false }, "service VM with id 0"],
    [["02:00.0 NIC", "03:00.0 USB"], "02:00.0 NIC; 03:00.0 USB"],
    [[{ kind: "block", path: "./a" }, { kind: "vsock", cid: 3 }, { kind: "input" }], "block ./a; vsock 3; input"],
    [[{ kind: "gpu", displays: [{ monitor_id: "1" }] }], 'gpu [{"monitor_id":"1"}]'],
  ];
  for (const [value, shown] of rows) it(shown, () => assert.equal(scenarioSurface.show(value), shown));
});
