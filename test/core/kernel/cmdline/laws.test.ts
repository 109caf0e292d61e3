import assert from "node:assert/strict";
import fc from "fast-check";
import {
  fieldKey,
  getParam,
  parseCmdline,
  printCmdline,
  recordParam,
  restoreParam,
  setParam,
} from "../../../../provider/core/kernel/cmdline";
import { anyLine, LINES, lineArbitrary, wishArbitrary } from "../lines";

/** Keys with their values, whatever the order of the keys. */
function said(line: string): string {
  const keys = [...new Set(parseCmdline(line).params.map(({ key }) => key))].sort();
  return JSON.stringify(keys.map((key) => [key, getParam(line, key)]));
}

/** All words but those of one key. */
function others(line: string, key: string): string[] {
  return parseCmdline(line).params.flatMap((param) => (param.key === fieldKey(key) ? [] : [param.raw]));
}

describe("kernel command line: laws", () => {
  it("parsed and printed, every text is itself", () => {
    fc.assert(
      fc.property(anyLine, (line) => assert.equal(printCmdline(parseCmdline(line)), line)),
      { numRuns: 1000 },
    );
  });

  it("each word stands where it says", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        for (const { raw, start, end, gap } of parseCmdline(line).params) {
          assert.equal(line.slice(start, end), raw);
          assert.equal(line.slice(start - gap.length, start), gap);
        }
      }),
    );
  });

  it("a key has the value that it was given, once as twice, and every other word stays as it is", () => {
    fc.assert(
      fc.property(lineArbitrary, wishArbitrary, (line, [key, value]) => {
        const set = setParam(line, key, value);
        assert.deepEqual(getParam(set, key) ?? null, value);
        assert.equal(setParam(set, key, value), set);
        assert.deepEqual(others(set, key), others(line, key));
      }),
      { numRuns: 1000 },
    );
  });

  it("what it says already is written by no byte", () => {
    fc.assert(
      fc.property(lineArbitrary, (line) => {
        for (const { key } of parseCmdline(line).params)
          if (!/["=]/.test(key) && key !== "" && !/ /.test(key))
            assert.equal(setParam(line, key, getParam(line, key) ?? null), line, key);
      }),
    );
  });

  it("given back, the line is what it was, byte for byte", () => {
    fc.assert(
      fc.property(lineArbitrary, wishArbitrary, (line, [key, value]) => {
        const raw = recordParam(line, key);
        assert.equal(restoreParam(setParam(line, key, value), key, raw), line);
      }),
      { numRuns: 2000 },
    );
  });

  it("two owners of different keys commute", () => {
    fc.assert(
      fc.property(lineArbitrary, wishArbitrary, wishArbitrary, (line, one, other) => {
        fc.pre(one[0] !== other[0]);
        const ways = [
          [one, other],
          [other, one],
        ].map((pair) => pair.reduce((sofar, [key, value]) => setParam(sofar, key, value), line));
        assert.equal(said(ways[0] as string), said(ways[1] as string));
      }),
      { numRuns: 500 },
    );
  });

  it("keys that were new go in any order, and not a byte of them stays", () => {
    const fresh = ["x1", "x2", "x3", "x4"];
    fc.assert(
      fc.property(
        lineArbitrary,
        fc.shuffledSubarray(fresh),
        fc.shuffledSubarray(fresh, { minLength: 4 }),
        (line, come, go) => {
          const with_ = come.reduce((sofar, key) => setParam(sofar, key, "1"), line);
          assert.equal(
            go.reduce((sofar, key) => restoreParam(sofar, key, undefined), with_),
            line,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("several owners that go the other way round leave the very line; in any order they leave what it said", () => {
    fc.assert(
      fc.property(
        lineArbitrary,
        fc.uniqueArray(wishArbitrary, { selector: ([key]) => key, maxLength: 4 }),
        fc.boolean(),
        (line, wishes, back) => {
          let now = line;
          const records = wishes.map(([key, value]) => {
            const raw = recordParam(now, key);
            now = setParam(now, key, value);
            return { key, raw };
          });
          if (back) records.reverse();
          for (const { key, raw } of records) now = restoreParam(now, key, raw);
          assert.equal(said(now), said(line));
          if (back) assert.equal(now, line);
        },
      ),
      { numRuns: 1000 },
    );
  });

  for (const [what, line] of Object.entries(LINES))
    it(`${what}: takes every tip, twice as once, and gives them back byte for byte`, () => {
      const tips = Object.entries({
        isolcpus: "nohz,domain,2-3",
        idle: "poll",
        rcu_nocbs: "2-3",
        rcu_nocb_poll: true,
        mce: "off",
      });
      const records = tips.map(([key]) => [key, recordParam(line, key)] as const);
      const set = tips.reduce((sofar, [key, value]) => setParam(sofar, key, value), line);
      assert.deepEqual(
        tips.map(([key]) => getParam(set, key)),
        tips.map(([, value]) => value),
      );
      assert.equal(
        tips.reduce((sofar, [key, value]) => setParam(sofar, key, value), set),
        set,
      );
      assert.equal(
        records.reduce((sofar, [key, raw]) => restoreParam(sofar, key, raw), set),
        line,
      );
    });
});
