import assert from "node:assert/strict";
import { type Gpu, gpusIn } from "../../../provider/core/gpu/read";

const LINES = { max: 1300, min: 300, boost: 1300, RPn: 300, RP0: 1300, RP1: 350 };

const text = (lines: Record<string, number | string> = LINES, place = "0000:00:02.0/drm/card0") =>
  Object.entries(lines)
    .map(([name, value]) => `${place}/gt_${name}_freq_mhz ${value}`)
    .join("\n");

const read = (told: string | undefined) => gpusIn({ texts: new Map(told === undefined ? [] : [["gpu", told]]) });

const GPU: Gpu = {
  address: "0000:00:02.0",
  card: "card0",
  now: { min: 300, max: 1300, boost: 1300 },
  lowest: 300,
  highest: 1300,
  efficient: 350,
};

describe("gpu: what i915 says", () => {
  const { RP1: _efficient, ...old } = LINES;
  const { efficient: _none, ...without } = GPU;
  const rows: [what: string, told: string | undefined, gpus: Gpu[] | undefined][] = [
    ["a folder, or no /sys", undefined, undefined],
    ["no GPU under i915", "", []],
    ["one", text(), [GPU]],
    ["one that does not tell RP1", text(old), [without]],
    [
      "two, on other places",
      `${text()}\n${text(LINES, "0000:03:00.0/drm/card1")}`,
      [GPU, { ...GPU, address: "0000:03:00.0", card: "card1" }],
    ],
    ["a file that is missing", text({ max: 1300, min: 300, RPn: 300, RP0: 1300 }), []],
    ["a value that is none", text({ ...LINES, max: "many" }), []],
    ["a file that is another's", text({ ...LINES, "throttle_reason_x/gt_max": 1 }), [GPU]],
    ["a card that is none", text(LINES, "0000:00:02.0/drm/renderD128"), []],
  ];
  for (const [what, told, gpus] of rows) it(what, () => assert.deepEqual(read(told), gpus));
});
