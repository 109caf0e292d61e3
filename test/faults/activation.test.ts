import { which } from "../host/ssh/which";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";
import { type Fault, JOBS, type Job } from "./support/activation-jobs";
import { sweep } from "./support/activation-sweep";
import { LANES } from "./support/lanes";

const fault = (how: Fault["how"], at: string, nth = 1): Fault => ({ how, at, nth });
const OFF = "event power-off POST_RT_VM1";

/** Where it hurts most; test/long/activation.test.ts hits every step of every job with every fault. */
const SAMPLES: [Job, Fault[]][] = [
  [
    JOBS.owned,
    [fault("power", OFF), fault("power", "word launch"), fault("cut", "word gone"), fault("killed", "word launch")],
  ],
  [JOBS.alone, [fault("power", OFF), fault("killed", OFF)]],
  [JOBS.edited, [fault("killed", "word gone"), fault("cut", "word check"), fault("killed", "word agrees")]],
  [JOBS.reboot, [fault("power", "event reboot"), fault("cut", "word reboot"), fault("killed", "event reboot")]],
  [JOBS.rebootAlone, [fault("power", "event boot"), fault("killed", "word reboot"), fault("killed", "word gone")]],
];

describe("an activation is hit: power cut, link cut, client killed", function () {
  this.timeout(300_000);
  before(function () {
    needs(this, which("bash"), "no bash");
  });

  const tally = new Tally("activation");
  for (const [job, faults] of SAMPLES)
    it(`${job.name}: it boots, what ran comes back, and the next run ends what is left`, () =>
      sweep(job, faults, tally, LANES));

  after(() => tally.check());
});
