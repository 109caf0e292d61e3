import assert from "node:assert/strict";
import fc from "fast-check";
import { choose, type Division, isNoChoice, type Wanted } from "../../../../provider/core/acrn/clos/choose";
import { countWays, formatMask, fullMask, isContiguous, overlap, union } from "../../../../provider/core/hardware/ways";

const want = (name: string, share: string | number, more: Partial<Wanted> = {}): Wanted => ({
  name,
  property: `classes.${name}.l3`,
  share,
  exclusive: true,
  ...more,
});

const on = (wanted: Wanted[], more: Partial<Division> = {}): Division => ({
  title: "L3 0x0",
  width: 12,
  wayBytes: 1024 * 1024,
  locked: 0,
  gpu: 0,
  wanted,
  rest: { needed: true },
  ...more,
});

/** `a 0xf00 rest 0xff`, or the code of the refusal. */
function said(division: Division): string {
  const chosen = choose(division);
  if (isNoChoice(chosen)) return chosen.code;
  const masks = [...chosen.masks].sort(([a], [b]) => (a < b ? -1 : 1));
  const rest = chosen.rest === undefined ? [] : [`rest ${formatMask(chosen.rest)}`];
  return [...masks.map(([name, mask]) => `${name} ${formatMask(mask)}`), ...rest].join(" ");
}

describe("choice of cache ways", () => {
  const rows: [what: string, division: Division, want: string][] = [
    ["from the top, the rest keeps one run", on([want("a", 4)]), "a 0xf00 rest 0xff"],
    [
      "the larger first, then by name",
      on([want("b", 2), want("a", 2), want("c", 3)]),
      "a 0x180 b 0x60 c 0xe00 rest 0x1f",
    ],
    ["bytes are rounded up to ways", on([want("a", "2560K")]), "a 0xe00 rest 0x1ff"],
    ["a mask as it is declared", on([want("a", "0x3c")]), "a 0x3c rest 0xfc0"],
    [
      "beside a declared mask, where the rest keeps most",
      on([want("a", "0xf0"), want("b", 2)]),
      "a 0xf0 b 0xc00 rest 0xf",
    ],
    ["where it was", on([want("a", 2, { former: 0x30 }), want("b", 2)]), "a 0x30 b 0xc rest 0xfc0"],
    ["not where it was, when its share is another one", on([want("a", 3, { former: 0x30 })]), "a 0xe00 rest 0x1ff"],
    [
      "not where it was, when another one has declared that",
      on([want("a", 2, { former: 0x30 }), want("b", "0x20")]),
      "a 0x18 b 0x20 rest 0xfc0",
    ],
    [
      "all anew, when one that comes fits no other way",
      on([want("a", 4, { former: 0xf0 }), want("b", 6)]),
      "a 0x3c b 0xfc0 rest 0x3",
    ],
    ["clear of the GPU's ways, which the rest may have", on([want("a", 4)], { gpu: 0xc00 }), "a 0xf rest 0xff0"],
    ["Software SRAM is nobody's", on([want("a", 4)], { locked: 0xc00 }), "a 0x3c0 rest 0x3f"],
    ["the rest has a share of its own", on([want("a", 2)], { rest: { needed: true, share: 3 } }), "a 0xc00 rest 0x7"],
    ["the rest stays too", on([want("a", 2)], { rest: { needed: true, share: 3, former: 0x38 } }), "a 0xc00 rest 0x38"],
    ["a mask of the rest", on([want("a", 2)], { rest: { needed: true, share: "0xff0" } }), "a 0x3 rest 0xff0"],
    ["nobody else is there: all ways may be a class's", on([want("a", 12)], { rest: { needed: false } }), "a 0xfff"],
    [
      "a share of a rest that is not there counts for nothing",
      on([want("a", 12)], { rest: { needed: false, share: 4 } }),
      "a 0xfff",
    ],
    [
      "a class that shares is among the rest",
      on([want("a", 4), want("s", 2, { exclusive: false })]),
      "a 0xf00 s 0x3 rest 0xff",
    ],
    ["a class that shares stays", on([want("s", 2, { exclusive: false, former: 0x30 })]), "s 0x30 rest 0xfff"],
    ["no way would be left for the rest", on([want("a", 12)]), "clos.full"],
    ["too much together", on([want("a", 8), want("b", 5)]), "clos.full"],
    ["free, but in no run", on([want("a", "0x40"), want("b", 7)]), "clos.full"],
    ["more ways than there are", on([want("a", 13)]), "clos.share"],
    [
      "bytes of an unknown size",
      { ...on([want("a", "1M")]), wayBytes: undefined } as unknown as Division,
      "clos.share",
    ],
    ["masks that meet", on([want("a", "0xf"), want("b", "0x18")]), "clos.overlap"],
    ["a mask that meets the rest's", on([want("a", "0xf")], { rest: { needed: true, share: "0x8" } }), "clos.overlap"],
    [
      "masks that meet, both shared",
      on(["a", "b"].map((n) => want(n, "0xf", { exclusive: false }))),
      "a 0xf b 0xf rest 0xfff",
    ],
    [
      "a class that shares is not among an exclusive class's ways, whatever the rest has",
      on([want("a", 6), want("s", 5, { exclusive: false })], { rest: { needed: true, share: 2 } }),
      "a 0xfc0 s 0x1f rest 0x3",
    ],
    [
      "no room beside the exclusive class for the one that shares",
      on([want("a", 8), want("s", 5, { exclusive: false })], { rest: { needed: true, share: 2 } }),
      "clos.full",
    ],
    [
      "nor beside a mask of the rest",
      on([want("a", 8), want("s", 5, { exclusive: false })], { rest: { needed: true, share: "0x3" } }),
      "clos.full",
    ],
    [
      "nor where there is no rest",
      on([want("a", 8), want("s", 5, { exclusive: false })], { rest: { needed: false } }),
      "clos.full",
    ],
    [
      "code and data of one class may meet",
      on([want("a code", "0xf00", { of: "a" }), want("a data", "0xf80", { of: "a" })]),
      "a code 0xf00 a data 0xf80 rest 0x7f",
    ],
    [
      "those of two classes may not",
      on([want("a code", "0xf00", { of: "a" }), want("b data", "0xf80", { of: "b" })]),
      "clos.overlap",
    ],
    ["a mask with a gap", on([want("a", "0x5")]), "clos.mask-gap"],
    ["no way", on([want("a", "0x0")]), "clos.mask-zero"],
    ["too wide", on([want("a", "0x1000")]), "clos.mask-wide"],
    ["the GPU's ways", on([want("a", "0x3")], { gpu: 1 }), "clos.gpu"],
    ["ways of Software SRAM", on([want("a", "0x3")], { locked: 1 }), "clos.sram"],
    ["no share", on([want("a", "half")]), "clos.share"],
  ];
  for (const [what, division, expected] of rows) it(what, () => assert.equal(said(division), expected));

  it("says why: what was rounded, what stayed, what nobody has", () => {
    const chosen = choose(on([want("a", "2560K"), want("b", 1, { former: 0x10 })]));
    assert.ok(!isNoChoice(chosen));
    assert.deepEqual(Object.fromEntries(chosen.why), {
      a: "3 of 12 ways (3M, 2560K rounded up)",
      b: "1 of 12 ways (1M), where it was",
      rest: "the longest run that is left; nobody has way 0",
    });
  });

  it("a refusal says what is asked, what is free, and who holds the rest", () => {
    const chosen = choose(on([want("a", 8), want("b", "0xc00")], { locked: 0x3 }));
    assert.ok(isNoChoice(chosen));
    assert.equal(
      chosen.message,
      "L3 0x0 has 12 ways, and these do not fit side by side: a 8 ways, b 0xc00, rest 1 way at least, Software SRAM 0x3",
    );
    assert.match(chosen.hint, /way 2-9 is free/);
    assert.equal(chosen.property, "classes.a.l3");
  });
});

const division: fc.Arbitrary<Division> = fc
  .record({
    width: fc.integer({ min: 4, max: 32 }),
    counts: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 }),
    gpu: fc.constantFrom(0, 1, 3, 0xc),
    rest: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  })
  .map(({ width, counts, gpu, rest }) =>
    on(
      counts.map((count, at) => want(`c${at}`, count)),
      { width, gpu, rest: { needed: true, ...(rest === undefined ? {} : { share: rest }) } },
    ),
  );

describe("laws of the choice", () => {
  it("what is chosen is legal, and is left alone when asked again or in another order", () =>
    fc.assert(
      fc.property(division, (d) => {
        const chosen = choose(d);
        if (isNoChoice(chosen)) return;
        const masks = [...chosen.masks.values()];
        for (const [at, mask] of masks.entries()) {
          assert.ok(isContiguous(mask) && overlap(mask, d.gpu) === 0 && mask <= fullMask(d.width));
          assert.equal(overlap(mask, union([...masks.slice(0, at), chosen.rest ?? 0])), 0);
        }
        for (const { name, share } of d.wanted) assert.equal(countWays(chosen.masks.get(name) ?? 0), share);
        const former = d.wanted.map((w) => ({ ...w, former: chosen.masks.get(w.name) as number })).reverse();
        assert.equal(said({ ...d, wanted: former }), said(d));
      }),
    ));

  const shared = fc.array(fc.record({ count: fc.integer({ min: 1, max: 6 }), exclusive: fc.boolean() }), {
    minLength: 1,
    maxLength: 6,
  });
  const rest = fc.option(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constantFrom("0x3", "0xc")), { nil: undefined });
  it("ways of an exclusive class are nobody else's, of a class that shares neither", () => {
    let planned = 0;
    fc.assert(
      fc.property(shared, rest, fc.boolean(), (all, share, needed) => {
        const wanted = all.map(({ count, exclusive }, at) => want(`c${at}`, count, { exclusive }));
        const chosen = choose(on(wanted, { rest: { needed, ...(share === undefined ? {} : { share }) } }));
        if (isNoChoice(chosen)) return;
        planned++;
        const masks: [string, number][] = [...chosen.masks, ["rest", chosen.rest ?? 0]];
        for (const { name } of wanted.filter(({ exclusive }) => exclusive))
          for (const [other, mask] of masks)
            if (other !== name) assert.equal(overlap(mask, chosen.masks.get(name) ?? 0), 0, `${name} and ${other}`);
      }),
      { numRuns: 300, seed: 5 },
    );
    assert.ok(planned > 60, `${planned}`);
  });

  it("what is refused could not be placed in any way: the widths say so where one run holds all", () =>
    fc.assert(
      fc.property(division, (d) => {
        if (d.gpu !== 0 && d.gpu !== 1) return;
        const asked = d.wanted.reduce((sum, { share }) => sum + Number(share), Number(d.rest.share ?? 1));
        // The rest may have the GPU's way, which is at the edge.
        assert.equal(isNoChoice(choose(d)), asked > d.width);
      }),
    ));

  it("one that keeps its share stays when another one comes, if there is a place beside it", () =>
    fc.assert(
      fc.property(division, fc.integer({ min: 1, max: 6 }), (d, more) => {
        const before = choose(d);
        if (isNoChoice(before) || d.rest.share !== undefined || d.gpu !== 0) return;
        const wanted = d.wanted.map((w) => ({ ...w, former: before.masks.get(w.name) as number }));
        const after = choose({ ...d, wanted: [...wanted, want("new", more)] });
        if (isNoChoice(after) || countWays(before.rest ?? 0) <= more) return;
        for (const [name, mask] of before.masks) assert.equal(after.masks.get(name), mask);
      }),
    ));
});
