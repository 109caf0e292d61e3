import assert from "node:assert/strict";
import { gpuDocuments, limitId, limitsOf } from "../../../provider/core/gpu/document";
import { limitRules, wantedLimits } from "../../../provider/core/gpu/limits";
import { GPU_TEXT, gpusIn, LIMITS } from "../../../provider/core/gpu/read";
import { limitsOfRule, udevRule } from "../../../provider/core/gpu/udev-rule";
import { mutated } from "../mutate";
import { once, words } from "../seeds";
import { Refused, type Target } from "../target";
import { snapshotOf } from "./machine-snapshot";

const limits = (place: string) =>
  Object.entries({ max: 1300, min: 300, boost: 1300, RPn: 300, RP0: 1300, RP1: 350 })
    .map(([name, mhz]) => `${place}/gt_${name}_freq_mhz ${mhz}\n`)
    .join("");

const material = once(() => ({
  seeds: [limits("0000:00:02.0/drm/card0"), limits("0000:00:02.0/drm/card0") + limits("10000:e1:00.0/drm/card1")].map(
    (text) => Buffer.from(text),
  ),
  words: words(
    "0000:00:02.0 /drm/card0 /drm/card10/ gt_ max min boost RPn RP0 RP1 _freq_mhz -1 1e9 0x10 99999 300.5 \n",
  ),
}));

const times = (part: string) => (n: number) => Buffer.from(part.repeat(n / part.length));

/** What a machine says of its GPUs, and all that is made of it before somebody declares anything. */
export const gpu: Target = {
  name: "limits of GPUs",
  runs: 4000,
  make: (random) => mutated(random, material()),
  run: (input) => {
    const snapshot = snapshotOf(new Map([[`text:${GPU_TEXT}`, input]]));
    const gpus = gpusIn(snapshot) ?? [];
    const documents = gpuDocuments(snapshot, { format: 1, sequence: 0, owners: {}, documents: {}, fields: {} });
    assert.equal(documents.length, new Set(gpus.map(({ address }) => address)).size);
    for (const { live, surface, path } of documents) {
      const now = limitsOf(live);
      assert.ok(now && live);
      for (const limit of LIMITS) {
        assert.deepEqual(surface.read(live, path, limit), { kind: "value", value: now[limit], raw: `${now[limit]}` });
        assert.equal(surface.write(live, path, limit, now[limit]), live);
      }
    }
    const said = gpus.map((each) => {
      const wanted = { max: 300, boost: 300, min: 300, ...wantedLimits({ max: "lowest" }, each.lowest) };
      assert.deepEqual(limitsOfRule(udevRule(each.address, wanted)), wanted);
      return [limitId(each.address, "max"), limitRules(wanted, each).map(({ message }) => message)];
    });
    return said.length === 0 ? new Refused("no.gpu") : said;
  },
  grow: { lines: times(limits("0000:00:02.0/drm/card0")), line: times("0000:00:02.0/drm/card0/gt_max_freq_mhz ") },
};
