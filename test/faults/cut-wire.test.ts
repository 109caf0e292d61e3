import assert from "node:assert/strict";
import { Tally } from "../support/tally";
import { inLanes, LANES } from "./support/lanes";
import { WireLane, type WirePoint } from "./support/wire-lane";
import { smallWorld } from "./support/world";

/** Packets come out as the pipes of the host are read: one run has more than another. A point that a run never came to is tried once more. */
const TRIES = 2;
/** The share of the packets of the shortest run at which cuts must have happened. */
const ENOUGH = 0.75;

describe("cut: at the ends of SSH packets", function () {
  this.timeout(600_000);
  const lanes: WireLane[] = [];

  before(async () => {
    for (let lane = 0; lane < LANES; lane++) lanes.push(await WireLane.open());
  });
  after(async () => {
    for (const lane of lanes) await lane.close();
  });

  for (const direction of ["to-server", "to-client"] as const)
    it(`${direction}: each packet's end, one byte before and one after, while the product applies`, async () => {
      const world = await smallWorld("again");
      const counts: number[] = [];
      for (const lane of lanes) counts.push((await lane.learn(world, direction)).packets);
      const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
      const tally = new Tally(`cut on the wire, ${direction}, ${fewest} to ${most} packets`);
      const points: WirePoint[] = Array.from({ length: most + 1 }, (_, packet) =>
        ([-1, 0, 1] as const).map((offset) => {
          const manner = (packet + offset) % 2 === 0 ? ("both" as const) : ("silent" as const);
          return { direction, manner, at: { packet, offset } };
        }),
      ).flat();
      const free = [...lanes];
      await inLanes(points, LANES, async (point) => {
        const lane = free.pop() as WireLane;
        for (let tries = 0; tries < TRIES && !(await lane.try(world, point, tally)); tries++);
        free.push(lane);
      });
      tally.check();
      assert.ok(tally.count >= fewest * 3 * ENOUGH, `${tally.count} of ${points.length} points were reached`);
    });
});
