import assert from "node:assert/strict";
import fc from "fast-check";
import { buildScenario } from "../../../../examples/lab/builder";
import { HV_LEAVES } from "../../../../provider/core/acrn/scenario/hv-leaves";
import { scenarioSurface } from "../../../../provider/core/acrn/scenario-surface";
import type { FieldValue } from "../../../../provider/core/claims/types";
import { find, flatten, parseXml } from "../../../../provider/core/xml";
import { host } from "../../../support/arbitraries";
import { raw } from "./field-rows";
import { REAL, readReal } from "./support";

const FILE = "s.xml";
const { read, write, restore, takes } = scenarioSurface;

const word = fc.constantFrom("SCHED_NOOP", "release", "a & <b>", "0xff0");
const VALUES = {
  boolean: fc.boolean() as fc.Arbitrary<FieldValue>,
  text: word as fc.Arbitrary<FieldValue>,
  list: fc.array(word, { minLength: 1, maxLength: 5 }) as fc.Arbitrary<FieldValue>,
};
const step = fc
  .constantFrom(...HV_LEAVES)
  .chain(([key, leaf]) => fc.record({ key: fc.constant(key), value: VALUES[leaf.kind] }));
const steps = fc.array(step, { minLength: 1, maxLength: 8 });
const order = fc.array(fc.nat(99), { minLength: 8, maxLength: 8 });

/** All that the file says beside one field. */
function others(text: string, key: string): [string, string][] {
  const parents = key.split("/").map((_, at, all) => all.slice(0, at).join("/"));
  return [...flatten(parseXml(text, FILE))].filter(
    ([path]) => path !== key && !path.startsWith(`${key}[`) && !parents.includes(path),
  );
}

/** RDT is a sequence [v2.7 and v3.0 misc/config_tools/schema/types.xsd RDTType]. */
function assertSequence(text: string): void {
  const SEQUENCE = ["RDT_ENABLED", "CDP_ENABLED", "VCAT_ENABLED", "CLOS_MASK", "MBA_DELAY"];
  const at = (find(parseXml(text, FILE).root, "hv/FEATURES/RDT")?.children ?? []).map((c) => SEQUENCE.indexOf(c.name));
  assert.deepEqual(
    at,
    [...at].sort((a, b) => a - b),
    text,
  );
}

function writeLaw(before: string, key: string, value: FieldValue): string {
  const reading = read(before, FILE, key);
  if (reading.kind === "no-place") {
    assert.throws(() => write(before, FILE, key, value), { code: "scenario.no-place" });
    return before;
  }
  if (reading.kind === "value") {
    assert.equal(write(before, FILE, key, reading.value), before);
    assert.ok(takes(key, reading.value, reading.raw), `${key} takes ${JSON.stringify(reading)}`);
  }
  const after = write(before, FILE, key, value);
  const now = read(after, FILE, key);
  assert.deepEqual(now.kind === "value" && now.value, value, `${key}\n${after}`);
  assert.equal(write(after, FILE, key, value), after);
  assert.deepEqual(others(after, key), others(before, key));
  assertSequence(after);
  return after;
}

/** Several writes, given back in any order: the bytes are those from before, but for an empty element that was opened. */
function sequenceLaw(
  before: string,
  all: readonly { key: string; value: FieldValue }[],
  ranks: readonly number[],
): void {
  const done = new Map<string, string | undefined>();
  let now = before;
  for (const { key, value } of all) {
    if (!done.has(key)) done.set(key, raw(now, key));
    now = writeLaw(now, key, value);
  }
  const back = [...done].map((entry, at) => ({ entry, rank: ranks[at] ?? 0 })).sort((a, b) => a.rank - b.rank);
  for (const { entry } of back) now = restore(now, FILE, entry[0], entry[1]);
  if (/<(FEATURES|RDT|DEBUG_OPTIONS)\s*\/>/.test(before)) assert.ok(scenarioSurface.sameFields(now, before, FILE), now);
  else assert.equal(now, before);
}

describe("fields below hv: laws", function () {
  this.timeout(60_000);
  for (const name of Object.keys(REAL))
    it(`in ${name}`, function () {
      const file = readReal(this, name);
      fc.assert(
        fc.property(steps, order, (all, ranks) => sequenceLaw(file, all, ranks)),
        { numRuns: 10 },
      );
    });

  const built = (change: (text: string, remarks: readonly string[]) => string) =>
    fc.assert(
      fc.property(
        host({ textOnly: false }),
        fc.array(fc.constantFrom(" <!-- a\n b -->", "\n<!-- c -->", "<?pi x?>", "\r\n\r\n", ""), {
          minLength: 7,
          maxLength: 7,
        }),
        steps,
        order,
        ({ scenario }, remarks, all, ranks) => sequenceLaw(change(buildScenario(scenario), remarks), all, ranks),
      ),
      { numRuns: 60 },
    );

  it("in any built scenario", () => built((text) => text));

  it("in any that people edited", () =>
    built((text, remarks) => {
      let at = 0;
      return text.replace(
        /<\/(SCHEDULER|\w+_ENABLED|FEATURES)>|<(hv|FEATURES|RDT)>/g,
        (tag) => tag + remarks[at++ % remarks.length],
      );
    }));

  for (const gone of ["RDT", "FEATURES", "SCHEDULER", "DEBUG_OPTIONS"])
    it(`in any that lacks <${gone}>`, () =>
      built((text) => text.replace(new RegExp(`\\s*<${gone}>[\\s\\S]*?</${gone}>`), "")));

  for (const hollow of ["<RDT></RDT>", "<RDT/>", "<RDT>\n    </RDT>", "<RDT><!-- none --></RDT>"])
    it(`in any with ${JSON.stringify(hollow)}`, () => built((text) => text.replace(/<RDT>[\s\S]*?<\/RDT>/, hollow)));

  it("in any without line breaks", () => built((text) => text.replace(/>\s+</g, "><")));
});
