import assert from "node:assert/strict";
import { draftOf } from "../../provider/converge/draft";
import { planResource } from "../../provider/converge/plan-resource";
import { gpuFrequencyKind } from "../../provider/resources/gpu-frequency";
import type { MemoryHost } from "../support/memory-host";
import { cell, limits, plan, RULES, running, setBy, unbind, who, withdraw } from "./gpu-frequency.support";

const F = "gpu[0000:00:02.0]";

describe("GpuFrequency: what is set", () => {
  const rows: [args: Record<string, unknown>, lines: string[], after: number[]][] = [
    [{ max: "lowest" }, [`${F} boost: 1300 MHz => 300 MHz`, `${F} max: 1300 MHz => 300 MHz`], [300, 300, 300]],
    [
      { max: 600, boost: 900, min: 600 },
      [`${F} boost: 1300 MHz => 900 MHz`, `${F} max: 1300 MHz => 600 MHz`, `${F} min: 300 MHz => 600 MHz`],
      [600, 900, 600],
    ],
    [{ max: 1300 }, [], [1300, 1300, 300]],
  ];
  for (const [args, lines, after] of rows)
    it(JSON.stringify(args), () => {
      const memory = cell();
      const before = memory.image();
      const planned = plan(memory, args);
      assert.deepEqual(planned.refusals, []);
      assert.deepEqual(
        limits(planned).filter((line) => line.includes("=>")),
        lines,
      );
      memory.apply(planned);
      assert.deepEqual(running(memory), after);
      assert.match(memory.files.get(RULES) ?? "", new RegExp(`ATTR\\{gt_max_freq_mhz\\}="${after[0]}"`));
      assert.deepEqual(plan(memory, args).lines, []);
      memory.apply(withdraw(memory));
      assert.deepEqual(memory.changedSince(before), []);
    });

  it("outputs say which GPU, which limits, what it can, and what is the BIOS's", () => {
    const { gpu, mhz, range, notes } = plan(cell(), { max: "lowest" }).outputs;
    assert.deepEqual(
      [gpu, mhz, range],
      ["0000:00:02.0", { min: 300, max: 300, boost: 300 }, { lowest: 300, highest: 1300 }],
    );
    assert.ok((notes as string[]).every((note) => note.includes("not settable by software")));
  });

  it("a boost above the maximum is warned of: i915 does not hold it to that", () => {
    assert.match(plan(cell(), { max: 300, boost: 900 }).warnings.join(), /900 MHz, above the maximum of 300 MHz/);
    assert.deepEqual(plan(cell(), { max: 300 }).warnings, []);
  });
});

describe("GpuFrequency: what runs", () => {
  const states = (memory: MemoryHost, args: Record<string, unknown>) =>
    plan(memory, args).pending.map(({ field, state, written, running: now }) => [field, state, written, now].join(" "));
  const seen = (memory: MemoryHost) => {
    const { outputs } = plan(memory, { max: 600 });
    return gpuFrequencyKind.observe(memory.draft().documents, { max: 600, ...outputs });
  };
  const made = () => {
    const memory = cell();
    memory.apply(plan(memory, { max: 600 }));
    return memory;
  };

  it("an up sets it at once, so nothing is left pending", () =>
    assert.deepEqual(states(cell(), { max: 600 }), [
      `${F} max active 600 MHz 600 MHz`,
      `${F} boost active 600 MHz 600 MHz`,
      `${F} min active 300 MHz 300 MHz`,
    ]));

  it("a refresh shows what somebody set, and the next up sets it back", () => {
    const memory = made();
    assert.deepEqual(seen(memory), { mhz: { max: 600, boost: 600, min: 300 } });
    setBy(memory, "max", 900);
    assert.deepEqual(seen(memory), { mhz: { max: 900, boost: 600, min: 300 }, max: 900 });
    const draft = memory.draft();
    const view = { snapshot: draft.snapshot } as never;
    const rows = gpuFrequencyKind.pending(view, draft.documents, [`${F} max`, `${F} min`]);
    assert.deepEqual(
      rows.map(({ state, running: now }) => `${state} ${now}`),
      ["pending 900 MHz", "active 300 MHz"],
    );
    assert.deepEqual(limits(plan(memory, { max: 600 })), [`${F} max: 900 MHz => 600 MHz`]);
  });

  it("rules that are gone are drift too: the next boot would not set it", () => {
    const memory = made();
    memory.put(RULES, undefined);
    assert.deepEqual(seen(memory).max, "(not in udev's rules)");
    assert.equal(plan(memory, { max: 600 }).lines.length, 1);
  });

  it("a GPU that i915 drives no longer has no limits, whatever the rules say", () => {
    const memory = made();
    const state = { max: 600, ...plan(memory, { max: 600 }).outputs };
    unbind(memory);
    const { documents } = memory.draft();
    assert.equal(gpuFrequencyKind.observe(documents, state).max, "(not set)");
    const { range: _none, ...folder } = state as Record<string, unknown>;
    assert.deepEqual(gpuFrequencyKind.observe(documents, folder), { mhz: { max: 600, boost: 600, min: 300 } });
  });

  it("after a boot that reset everything, what was before is still known", () => {
    const memory = cell({ gpu: { lowest: 300, highest: 1300, now: { min: 300, max: 1100, boost: 1200 } } });
    memory.apply(plan(memory, { max: 600 }));
    for (const limit of ["max", "boost"] as const) setBy(memory, limit, 1300);
    memory.apply(plan(memory, { max: 600 }));
    memory.apply(withdraw(memory));
    assert.deepEqual(running(memory), [1100, 1200, 300]);
  });

  it("what somebody set after us stays in a withdrawal, and is named", () => {
    const memory = made();
    setBy(memory, "max", 900);
    const planned = withdraw(memory);
    assert.deepEqual(
      planned.plan.left.map(({ field, shown }) => `${field} ${shown}`),
      [`${F} max 900 MHz`],
    );
    memory.apply(planned);
    assert.deepEqual(running(memory), [900, 1300, 300]);
    assert.ok(!memory.files.has(RULES));
  });

  it("a GPU that is gone since is no trouble in a withdrawal", () => {
    const memory = made();
    unbind(memory);
    memory.apply(withdraw(memory));
    assert.ok(!memory.files.has(RULES));
    assert.deepEqual(Object.keys(memory.draft().ledger.fields), []);
  });
});

describe("GpuFrequency: a folder", () => {
  const folder = (args: Record<string, unknown>) => {
    const memory = cell();
    const draft = draftOf({ ...memory.snapshot(), kind: "folder", texts: new Map() }, memory.settings);
    return planResource(draft, gpuFrequencyKind, who, gpuFrequencyKind.schema.parse(args));
  };

  it("has the rules written, unchecked, and nothing that runs", () => {
    const planned = folder({ max: 600, min: 300 });
    assert.deepEqual(planned.refusals, []);
    assert.match(planned.warnings.join(), /not checked/);
    assert.deepEqual(
      planned.plan.files.map(({ path }) => path),
      [RULES],
    );
    assert.deepEqual(
      planned.pending.map(({ state, written }) => `${state} ${written}`),
      ["unknown max 600, boost 600, min 300"],
    );
  });

  for (const [args, property] of [
    [{ max: "lowest", min: 300 }, "max"],
    [{ max: 600 }, "min"],
  ] as const)
    it(`does not tell the lowest: ${JSON.stringify(args)}`, () => {
      const [refusal] = folder(args).refusals;
      assert.deepEqual([refusal?.code, refusal?.property], ["gpu.lowest-unknown", property]);
    });
});
