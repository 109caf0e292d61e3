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
        ...(await world
          .finish()
          .catch((reason: Error) => (honest(job, fault, reason) ? [] : [`the next run: ${reason.message}`]))),
        ...world.wrongs(),
      ];
      const worst = broken.length > 0 ? "torn" : lost.length > 0 ? "lost" : end;
      tally.add(worst, `${where}: ${[...broken, ...lost].join("; ")}`);
    });
  });
}

/**
 * A client that dies between the guest's word that it goes and the next word to the host takes the proof with it, where no launch of ours keeps a
 * record: a power cycle tries the launch then, which ACRN refuses to a VM that lives, and a reboot may not be tried.
 */
function honest({ act }: Job, { at, how }: Fault, reason: Error): boolean {
  const unproved = act === "host-reboot" && at === "word gone" && how !== "power";
  return unproved && /whether POST_RT_VM1 runs cannot be told/.test(reason.message);
}

/** Whoever is still there is told what failed, of what, and where it stands: an error without that leaves him with a machine that he has to search. */
function unsaid({ how }: Fault, error: Error | undefined): string[] {
  if (how === "killed" || error === undefined) return [];
  if (!(error instanceof AcrnError)) return [`a bug: ${error.stack}`];
  const says = /nothing was (interrupted|done)|the next run|it runs|is off|was rebooted/i.test(error.message);
  return says ? [] : [`it does not say where everything stands: ${error.message}`];
}
