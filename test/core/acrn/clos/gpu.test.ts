import assert from "node:assert/strict";
import { planClos, planOldClos } from "../../../../provider/core/acrn/clos/plan";
import { formatMask } from "../../../../provider/core/hardware/ways";
import { board, type CacheSpec, vm, wish } from "./support";

const L2: CacheSpec = { level: 2, id: "0x1", pcpus: [2, 3], ways: 8 };
const L3: CacheSpec = { level: 3, id: "0x0", pcpus: [0, 1, 2, 3], ways: 12, gpu: 0xf };
/** Its ways cannot be divided by ACRN. */
const PLAIN: CacheSpec = { level: 3, id: "0x0", pcpus: [0, 1, 2, 3], gpu: 0xf };
const VMS = [vm("R", "post-launched", [2, 3], true), vm("S", "service", [0, 1])];

/** `rt 0xf00`, what is warned of the GPU after a `?`; or the refusal. */
function said(gpuWays: string | undefined, share: string | number, caches: CacheSpec[], old = false): string[] {
  const classes = { rt: wish({ R: "all" }, caches.includes(L2) ? { l2: share } : { l3: share }) };
  const declaration = { classes, cdp: false, ...(gpuWays === undefined ? {} : { gpuWays }) };
  const input = { declaration, topology: board(4, caches), vms: VMS };
  const plan = old ? planOldClos(input, { masks: [], closIds: {} }) : planClos({ ...input, former: [] });
  const gpu = plan.warnings.filter((line) => /GPU|gpuWays/.test(line)).map((line) => `? ${line}`);
  const ways = plan.ways.filter(({ name }) => name === "rt").map(({ mask }) => formatMask(mask));
  return [...plan.refusals.map(({ code, message }) => `${code} ${message}`), ...ways, ...gpu];
}

describe("ways of the GPU", () => {
  const rows: [
    what: string,
    gpuWays: string | undefined,
    share: string | number,
    caches: CacheSpec[],
    want: RegExp[],
  ][] = [
    ["kept clear", "0xf", 8, [L3], [/^0xff0$/]],
    ["as the board tells them", "board", 8, [L3], [/^0xff0$/]],
    ["not declared: a warning", undefined, "0x3", [L3], [/^0x3$/, /the GPU fills way 0-1/, /way 0-1/]],
    ["fewer than the board tells: still a warning", "0x1", "0x6", [L3], [/^0x6$/, /way 1-2/, /way 1-2/]],
    ["fewer, and none of the others taken", "0x1", 4, [L3], [/^0xf00$/]],
    ["no way of the L3", "0xf000", 4, [L3], [/^clos.gpu 0xf000 names no way of L3 0x0$/]],
    ["no way at all", "0x0", 4, [L3], [/^clos.gpu 0x0 names no way/]],
    ["some beyond the L3", "0x1800", 4, [L3], [/^clos.gpu 0x1800 names way 12, which L3 0x0 lacks$/]],
    ["no mask", "ways", 4, [L3], [/^clos.gpu "ways" is no mask/]],
    ["no L3 with CAT", "0x3", 4, [L2], [/^0xf0$/, /gpuWays does nothing here/]],
    ["the board tells some, on an L3 without CAT", "board", 4, [L2, PLAIN], [/^0xf0$/, /gpuWays does nothing here/]],
    ["the board tells none", "board", 4, [L2], [/^clos.gpu the board file tells no ways/]],
  ];
  for (const [what, gpuWays, share, caches, want] of rows)
    it(what, () => {
      const found = said(gpuWays, share, caches);
      assert.equal(found.length, want.length, found.join("\n"));
      for (const [at, each] of want.entries()) assert.match(found[at] ?? "", each);
    });

  it("2.x says the same", () => {
    for (const [what, gpuWays, share, caches] of rows) {
      const [now, old] = [said(gpuWays, share, caches), said(gpuWays, share, caches, true)];
      const bare = (lines: string[]) => lines.filter((line) => !line.startsWith("0x"));
      assert.deepEqual(bare(old), bare(now), what);
    }
  });
});
