import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import type { Report } from "../fuzz/loop";
import { fuzz, line } from "../fuzz/suite";
import { targets } from "../fuzz/targets";
import { Watchdog } from "../fuzz/watchdog";

/** How long all of it takes; each target has its share, as in `npm test`. */
const MINUTES = Number(process.env.FUZZ_MINUTES ?? 20);
/** How much of a target's runs is done before the next one has its turn. */
const ROUND = 0.25;

describe("fuzz, as long as there is time", function () {
  this.timeout(0);

  it(`${MINUTES} minutes of new inputs, in rounds`, async () => {
    const seed = process.env.FUZZ_SEED ?? String(randomInt(2 ** 31));
    console.log(`        FUZZ_SEED=${seed}`);
    const dog = new Watchdog("./targets");
    const end = performance.now() + MINUTES * 60_000;
    const sums = new Map<string, Report>();
    const usable = targets.filter(({ name }) => !/ACRN's own/.test(name) || existsSync("../shared/acrn-data"));
    try {
      for (let round = 0; performance.now() < end; round++)
        for (const target of usable) {
          const count = Math.ceil(target.runs * ROUND);
          add(sums, target.name, await fuzz(dog, target, seed, round * count, count));
        }
    } finally {
      await dog.close();
      for (const [name, report] of sums) console.log(`        ${line(name, report)}`);
    }
  });
});

function add(sums: Map<string, Report>, name: string, { inputs, accepted, codes }: Report): void {
  const sum = sums.get(name) ?? { inputs: 0, accepted: 0, codes: [] };
  const all = new Map(sum.codes);
  for (const [code, times] of codes) all.set(code, (all.get(code) ?? 0) + times);
  sums.set(name, { inputs: sum.inputs + inputs, accepted: sum.accepted + accepted, codes: [...all] });
}
