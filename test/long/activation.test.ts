import { type Fault, JOBS } from "../faults/support/activation-jobs";
import { places, sweep } from "../faults/support/activation-sweep";
import { LANES } from "../faults/support/lanes";
import { which } from "../host/ssh/which";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";

const FAULTS: readonly Fault["how"][] = ["power", "cut", "killed"];

/** What the tests of every day take samples of: every step of an activation, each word that the client sends and all that the machine does. */
describe("an activation is hit at every step", function () {
  this.timeout(3_600_000);
  before(function () {
    needs(this, which("bash"), "no bash");
  });

  for (const job of Object.values(JOBS))
    for (const how of FAULTS)
      it(`${job.name}: ${how}`, async () => {
        const tally = new Tally(`activation, ${job.name}, ${how}`);
        const faults = (await places(job)).map((place) => ({ ...place, how }));
        await sweep(job, faults, tally, LANES);
        // autostart brings back what is written, and so does a reboot
        tally.check({ both: job.act === "rtvm-power-cycle" && how !== "power" });
      });
});
