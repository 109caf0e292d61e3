import { shells } from "../host/helpers";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";
import { bootWorld } from "./support/boot-world";
import { powerCuts } from "./support/power";
import { seeded } from "./support/seeded";
import { smallWorld, type World } from "./support/world";

/**
 * How often luck is drawn at each command, beside the three extremes, and under which shells; test/long/kill.test.ts does all under both, and draws
 * twenty times.
 */
const WORLDS: [name: string, make: () => Promise<World>, draws: number, shells: string[]][] = [
  ["first", () => smallWorld("first"), 0, ["busybox"]],
  ["again", () => smallWorld("again"), 0, ["dash"]],
  ["what boots and launches", bootWorld, 0, ["dash"]],
];

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`a power cut before every command, ${name}`, function () {
    this.timeout(600_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    for (const [world, make, draws] of WORLDS.filter(([, , , where]) => where.includes(name)))
      it(`${world}: the tree of then boots; the next contact finishes or undoes, and says which`, async () => {
        const tally = new Tally(`power cut, ${name}, ${world}`);
        await powerCuts(await make(), shell ?? {}, tally, seeded(1), draws);
        tally.check();
      });
  });
