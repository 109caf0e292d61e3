import assert from "node:assert/strict";
import { KNOBS, knobOf } from "../../../../provider/core/tuning/runtime/knobs";
import { parseReport } from "../../../../provider/core/tuning/runtime/report";
import { checkKnob, formerOf, type KnobSetting, readKnob } from "../../../../provider/core/tuning/runtime/value";

const knob = (name: string) => knobOf(name) as NonNullable<ReturnType<typeof knobOf>>;

describe("runtime knobs", () => {
  it("are read in our words, however the kernel shows them", () => {
    const rows: [string, string, string | undefined][] = [
      ["transparent_hugepage", "always [madvise] never\n", "madvise"],
      ["transparent_hugepage", "always madvise\n", undefined],
      ["workqueue_cpumask", "00000000,0000000f\n", "f"],
      ["workqueue_cpumask", "(null)\n", undefined],
      ["machinecheck_ignore_ce", "0\n", "0"],
    ];
    for (const [name, text, value] of rows) assert.equal(readKnob(knob(name), text), value, `${name} ${text}`);
  });

  it("one former value where all files have it, else none", () => {
    assert.equal(formerOf(knob("irq_affinity"), ["0f\n", "f", "0000000f"]), "f");
    assert.equal(formerOf(knob("irq_affinity"), ["0f", "1"]), undefined);
    assert.equal(formerOf(knob("irq_affinity"), []), undefined);
  });

  const bad: [string, KnobSetting, string][] = [
    ["nobody's", { key: "ksm", value: "0" }, "tuning.knob"],
    ["a value that it does not take", { key: "transparent_hugepage", value: "often" }, "tuning.knob"],
    ["no mask", { key: "irq_affinity", value: "0-3" }, "cpu-mask.syntax"],
    ["a mask without CPUs", { key: "irq_affinity", value: "0" }, "tuning.knob"],
  ];
  for (const [title, setting, code] of bad)
    it(`${title} is refused`, () => assert.throws(() => checkKnob(setting), { code }));

  it("each has a source, and paths that a shell takes as patterns alone", () => {
    for (const { paths, source } of KNOBS) {
      assert.ok(source);
      for (const path of paths) assert.match(path, /^\/(?:sys|proc)\/[a-z0-9_/*[\]-]+$/);
    }
  });
});

describe("reports of the script", () => {
  it("say what each knob came to, and nothing of other lines", () =>
    assert.deepEqual(
      parseReport(
        "set a 3 2\nrefused b /proc/irq/0/smp_affinity\nset b 1 4\nabsent c\nfailed d /x\nset d 1 1\nhello\n\nset\n",
      ),
      [
        { name: "a", files: 2, value: "3", failed: [], refused: [] },
        { name: "b", files: 4, value: "1", failed: [], refused: ["/proc/irq/0/smp_affinity"] },
        { name: "c", files: 0, failed: [], refused: [] },
        { name: "d", files: 1, value: "1", failed: ["/x"], refused: [] },
      ],
    ));
});
