import assert from "node:assert/strict";
import { folderTarget } from "../../provider/host/folder";
import { transact } from "../../provider/host/transaction";
import { Tally } from "../support/tally";
import { CutTarget, type Manner } from "./support/cut-transport";
import { judgeTold, nextContact, type Told, toldBy } from "./support/judge";
import { inLanes, LANES } from "./support/lanes";
import { nameOf, type Point, pointsOf, type Strides } from "./support/points";
import { OWNER, REQUEST, smallWorld, type World } from "./support/world";

/** No crypto between client and script: every byte of the protocol is at hand, and a try takes a tenth of a second. */
describe("cut: the talk of client and script, without SSH", function () {
  this.timeout(600_000);

  const rows: [world: "first" | "again", manner: Manner, strides: Strides][] = [
    ["first", "both", { frames: 1, contents: 331 }],
    ["again", "silent", { frames: 5, contents: 797 }],
    ["again", "ended", { frames: 17, contents: 2003 }],
  ];

  for (const [kind, manner, strides] of rows)
    it(`${kind}, ${manner}: one byte of ${strides.frames} in frames, of ${strides.contents} in the rest`, async () => {
      const world = await smallWorld(kind);
      const tally = new Tally(`cut, ${kind}, ${manner}`);
      const points = pointsOf(await wholeTalk(world), strides);
      const missed: string[] = [];
      await inLanes(points, LANES, async (point) => {
        const reached = await world.within((root) => tryOne(world, root, point, manner, tally));
        if (!reached) missed.push(nameOf(point));
      });
      tally.check();
      // the tail of contents that came out shorter than in the run that the points were learned from
      assert.ok(missed.length <= points.length / 100, `not reached: ${missed}`);
    });

  const run = (world: World, target: CutTarget) =>
    transact(target, REQUEST, () => world.changes, OWNER, { pause: 1, id: "00ab" });

  async function wholeTalk(world: World) {
    return world.within(async (root) => {
      const target = new CutTarget(folderTarget(root), undefined);
      await run(world, target);
      return target.said;
    });
  }

  async function tryOne(world: World, root: string, point: Point, manner: Manner, tally: Tally): Promise<boolean> {
    const target = new CutTarget(folderTarget(root), point, manner);
    const told: Told = await run(world, target).then(({ changed }) => (changed ? "new" : "old"), toldBy);
    if (manner === "silent") await target.notice();
    await nextContact(root);
    await target.notice();
    if (!target.cut) return false;
    const { end, why } = judgeTold(root, world, told);
    tally.add(end, `${nameOf(point)}: ${why}`);
    return true;
  }
});
