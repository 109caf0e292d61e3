import { cpus } from "node:os";
import { inLanes } from "../faults/support/lanes";
import { WireLane, type WirePoint } from "../faults/support/wire-lane";
import { smallWorld } from "../faults/support/world";
import { Tally } from "../support/tally";

/** So long the sweep of one direction may take; what is left then is said. Both are under two hours. */
const LIMIT_MS = 55 * 60_000;
/** Lanes wait for shells, so two of them keep one core busy. */
const LANES = Math.max(4, 2 * cpus().length);
/** A sign of life, every so many tries. */
const PROGRESS = 1000;

/** Every byte that crosses the wire in one transaction of the product, from the first of the connection, the one manner and the other in turn. */
describe("long: cut at every byte on the wire", function () {
  this.timeout(LIMIT_MS + 5 * 60_000);
  const lanes: WireLane[] = [];

  before(async () => {
    for (let lane = 0; lane < LANES; lane++) lanes.push(await WireLane.open("transact"));
  });
  after(async () => {
    for (const lane of lanes) await lane.close();
  });

  for (const direction of ["to-server", "to-client"] as const)
    it(direction, async () => {
      const world = await smallWorld("again");
      const { bytes } = await (lanes[0] as WireLane).learn(world, direction);
      const tally = new Tally(`every byte on the wire, ${direction}, ${bytes} bytes`);
      const end = performance.now() + LIMIT_MS;
      const free = [...lanes];
      let done = 0;
      await inLanes(coarseFirst(bytes), LANES, async (byte) => {
        if (performance.now() > end) return;
        const lane = free.pop() as WireLane;
        const point: WirePoint = { direction, manner: byte % 2 ? "both" : "silent", at: { byte } };
        await lane.try(world, point, tally);
        free.push(lane);
        if (++done % PROGRESS === 0) console.log(`        ${done} of ${bytes}: ${tally.line}`);
      });
      if (done < bytes) console.log(`        out of time: ${bytes - done} of ${bytes} bytes were not tried`);
      tally.check();
    });
});

/** All numbers below `count`, a coarse grid first: a sweep that runs out of time has seen every region. */
function coarseFirst(count: number): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  for (let stride = 4096; stride >= 1; stride /= 4)
    for (let byte = 0; byte < count; byte += stride) {
      if (seen.has(byte)) continue;
      seen.add(byte);
      order.push(byte);
    }
  return order;
}
