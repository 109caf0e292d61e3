import { AcrnError } from "../../../provider/core/errors";
import type { Tally } from "../../support/tally";
import { ActivationWorld } from "./activation";
import type { Fault, Job } from "./activation-jobs";
import { inLanes } from "./lanes";

/** Every place of an undisturbed run at which it can be hit: each of its steps, numbered where there are several of one kind. */
export async function places(job: Job): Promise<Pick<Fault, "at" | "nth">[]> {
  const seen = new Map<string, number>();
  return (await ActivationWorld.steps(job)).map((at) => {
    const nth = (seen.get(at) ?? 0) + 1;
    seen.set(at, nth);
    return { at, nth };
  });
}

/** Old: what is written does not run yet. New: it does. Torn: the tree does not boot. Lost: see `ActivationWorld`. */
export function sweep(job: Job, faults: readonly Fault[], tally: Tally, lanes: number): Promise<void> {
  return inLanes(faults, lanes, async (fault) => {
    const where = `${job.name}, ${fault.how} at ${fault.at} (${fault.nth})`;
    await ActivationWorld.within(job, async (world) => {
      const error = await world.hit(fault);
      const broken = await world.afterBoot();
      const end = world.running === "new" ? "new" : "old";
      const lost = [
        ...unsaid(fault, error),
        ...(await world.finish().catch((reason: Error) => [`the next run: ${reason.message}`])),
        ...world.wrongs(),
      ];
      const worst = broken.length > 0 ? "torn" : lost.length > 0 ? "lost" : end;
      tally.add(worst, `${where}: ${[...broken, ...lost].join("; ")}`);
    });
  });
}

/** Whoever is still there is told what failed, of what, and where it stands: an error without that leaves him with a machine that he has to search. */
function unsaid({ how }: Fault, error: Error | undefined): string[] {
  if (how === "killed" || error === undefined) return [];
  if (!(error instanceof AcrnError)) return [`a bug: ${error.stack}`];
  const says = /nothing was (interrupted|done)|the next run|it runs|is off|was rebooted/i.test(error.message);
  return says ? [] : [`it does not say where everything stands: ${error.message}`];
}
