import assert from "node:assert/strict";
import { boots } from "../../examples/lab/boots";
import { type ImageCell, on } from "../converge/support/image-cell";
import { Tally } from "../support/tally";
import { inLanes, LANES } from "./support/lanes";

const PROMOTED = "var/lib/pulumi-acrn/images/promoted";

/** Runs an activation, and cuts the power at the nth thing that it says or that the machine does. Undefined: it ended before. */
async function cutAt(host: ImageCell, nth: number): Promise<string | undefined> {
  const { machine } = host.cell;
  let seen = 0;
  let cut: string | undefined;
  const at = (what: string) => {
    if (cut !== undefined || seen++ !== nth) return;
    cut = what;
    machine.powerCut();
    machine.powerButton();
  };
  const event = (what: string) => void setImmediate(() => at(what));
  machine.listeners.add(event);
  try {
    await host.activate(undefined, { progress: at });
  } catch (error) {
    if (cut === undefined) throw error;
  } finally {
    machine.listeners.delete(event);
  }
  await machine.settled();
  return cut;
}

/** More than there are. */
function* steps(): Generator<number> {
  for (let nth = 0; nth < 60; nth++) yield nth;
}

/** False: the way has no such step. */
async function tryOne(nth: number, tally: Tally): Promise<boolean> {
  let cut: string | undefined;
  await on(async (host) => {
    const id = await host.image();
    cut = await cutAt(host, nth);
    if (cut === undefined) return;
    const { cell } = host;
    const running = cell.machine.state().booted?.image;
    const trouble = boots(cell.path("."));
    const promoted = cell.has(PROMOTED) ? cell.read(PROMOTED) : "";
    const sound = trouble.length === 0 && cell.machine.state().power === "up" && ["", `${id}\n`].includes(promoted);
    const kind = !sound ? "torn" : running === id ? "new" : running === undefined ? "old" : "torn";
    tally.add(kind, `${nth}, ${cut}: ${trouble.join("; ")}`);
    await host.activate();
    assert.equal(cell.machine.state().booted?.image, id, cut);
    assert.equal(cell.read(PROMOTED), `${id}\n`, cut);
    assert.deepEqual(boots(cell.path(".")), [], cut);
    assert.deepEqual((await host.plan()).lines, [], cut);
  })();
  return cut !== undefined;
}

describe("a power cut at every step of an image's way to the default", function () {
  this.timeout(900_000);

  it("law 11: what is on the disk boots, the old image or the new one runs, and the next run ends it", async () => {
    const tally = new Tally("power cut, image");
    // a try mostly waits for boots; which step is the last one is found out
    let last = Number.POSITIVE_INFINITY;
    await inLanes(steps(), LANES, async (nth) => {
      if (nth < last && !(await tryOne(nth, tally))) last = Math.min(last, nth);
    });
    tally.check();
    assert.ok(tally.count > 8);
  });
});
