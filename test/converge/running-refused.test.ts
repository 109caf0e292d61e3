import assert from "node:assert/strict";
import type { AcrnError } from "../../provider/core/errors";
import { failedStatus } from "../../sdk/cli/exit";
import { GpuCell, LEDGER, Live, RULES, type Trouble, withdrawal } from "./support/live-gpu";

const BEFORE = { min: 1300, max: 1300, boost: 1300 };
const OURS = { max: 600, min: 300 };

describe("converge: values of the running kernel that cannot be what they were", function () {
  this.timeout(120_000);
  let cell: GpuCell;

  beforeEach(async () => {
    cell = new GpuCell(BEFORE);
    await cell.create(OURS);
  });
  afterEach(() => cell.remove());

  const stays: Trouble["takes"] = (line) => line.replace(/(gt_min_freq_mhz) 1300$/, "$1 300");
  /** What happened since, how i915 takes it, what runs after a destroy (max, boost, min), what is warned of. */
  const rows: [
    what: string,
    since: (now: GpuCell) => void,
    trouble: Trouble,
    after: number[],
    warned: RegExp | undefined,
  ][] = [
    ["nothing", () => {}, {}, [1300, 1300, 1300], undefined],
    [
      "somebody's maximum is below the minimum from before",
      (now) => now.set("max", 900),
      {},
      [900, 1300, 900],
      /min is left at 900 MHz: it was 1300 MHz, and i915 takes none above the maximum of 900 MHz/,
    ],
    [
      "the hardware can do less",
      (now) => now.set("RP0", 1200),
      {},
      [1200, 1200, 1200],
      /max is left at 1200 MHz: .*above the 1200 MHz of this GPU/,
    ],
    [
      "i915 does not take it, whatever the reason",
      () => {},
      { takes: stays },
      [1300, 1300, 300],
      /min is left at 300 MHz: it was 1300 MHz, and i915 did not take 1300 MHz/,
    ],
  ];
  for (const [what, since, trouble, after, warned] of rows)
    it(`a destroy where ${what}: it comes to its end, and says what it left`, async () => {
      since(cell);
      const { lines } = withdrawal(await new Live(cell.dir).draft());
      const { planned } = await cell.destroy(trouble, { agreed: lines });
      assert.deepEqual([cell.running(), cell.has(RULES), cell.has(LEDGER)], [after, false, false]);
      if (warned) assert.match(planned.warnings.join("\n"), warned);
      else assert.deepEqual(planned.warnings, []);
      assert.ok(!planned.plan.left.some(({ field }) => planned.warnings.some((text) => text.startsWith(field))));
      for (const { field, shown } of planned.plan.edits.filter((edit) => edit.field.startsWith("gpu[")))
        assert.equal(
          `${cell.running()[["max", "boost", "min"].indexOf(field.split(" ")[1] as string)]} MHz`,
          shown.after,
        );
    });

  it("what is declared has to be taken", async () => {
    await assert.rejects(cell.create({ max: 900, min: 900 }, { takes: (line) => line.replace(/ 900$/, " 600") }), {
      code: "running.refused",
      hint: /The files are written/,
    });
  });
});

describe("converge: what an error says where values of the running kernel were set", function () {
  this.timeout(120_000);
  let cell: GpuCell;

  beforeEach(() => {
    cell = new GpuCell();
  });
  afterEach(() => cell.remove());

  /** As the command line does (sdk/cli/carry-out.ts). */
  const endOf = async (work: (progress: (phase: string) => void) => Promise<unknown>) => {
    let writing = false;
    const error = await work((phase) => {
      writing ||= phase.startsWith("writing ");
    }).then(
      () => undefined,
      (e: AcrnError) => e,
    );
    return error ? `${error.code} ${failedStatus(error, writing)} ${error.message}` : "done";
  };
  /** Each end of one act, by the script from which on the link is dead. */
  const ends = async (
    ready: () => Promise<unknown>,
    act: (trouble: Trouble, progress: (p: string) => void) => Promise<unknown>,
  ) => {
    const out: string[] = [];
    for (let dies = 1; out.at(-1) !== "done" && dies < 12; dies++) {
      await ready();
      out.push(await endOf((progress) => act({ dies }, progress)));
    }
    return out;
  };

  it("each time that limits are set is a phase of writing: an interrupt in it is not harmless", async () => {
    const phases: string[] = [];
    const progress = (phase: string) => void phases.push(phase);
    const limits = () =>
      phases.splice(0).filter((phase) => /^writing values of the running kernel$/.test(phase)).length;
    await cell.create(OURS, {}, { progress });
    assert.equal(limits(), 1);
    await cell.create(OURS, {}, { progress });
    assert.equal(limits(), 0);
    await cell.destroy({}, { progress });
    assert.equal(limits(), 1);
  });

  it("an up: before the files nothing was changed; behind them nobody knows", async () => {
    const seen = await ends(
      () => cell.destroy(),
      (trouble, progress) => cell.create(OURS, trouble, { progress }),
    );
    const unproved = seen.filter((text) => text.startsWith("running.unproved 3 the files are as planned; whether"));
    assert.equal(unproved.length, 2, seen.join("\n")); // setting, and the read behind it
    assert.ok(seen.includes("ssh.lost 1 the link is dead"));
    assert.equal(seen.at(-1), "done");
  });

  it("a destroy: on their way back nobody knows, and then the limits are back", async () => {
    const seen = await ends(
      () => cell.create(OURS),
      (trouble, progress) => cell.destroy(trouble, { progress }),
    );
    assert.ok(
      seen.some((text) => text.startsWith("running.unproved 3 values of the running kernel were on their way back")),
    );
    assert.ok(
      seen.some((text) =>
        /^running\.returned 3 values of the running kernel were given back.*the link is dead/.test(text),
      ),
    );
    assert.equal(seen.at(-1), "done");
  });

  it("drift alone, of which i915 does not take all: something may have been changed", async () => {
    await cell.create(OURS);
    for (const name of ["max", "boost"] as const) cell.set(name, 900);
    const takes = (line: string) => line.replace(/(gt_boost_freq_mhz) 600$/, "$1 900");
    assert.match(await endOf((progress) => cell.create(OURS, { takes }, { progress })), /^running\.refused 3 /);
    assert.equal(cell.running()[0], 600);
  });
});
