import { unseenIn } from "../../core/acrn/power/agreed";
import { AcrnError } from "../../core/errors";
import { showAct } from "../../core/plan/acts";
import { machineKey } from "../../core/snapshot";
import { PowerSession } from "../../host/power/session";
import type { ActivationArgs } from "../../resources/activation";
import type { Draft } from "../draft";
import type { Machine } from "../machine";
import { rebooted } from "../meet";
import { ownerLabel } from "../owner";
import type { KindOf } from "../plan-resource";
import { alone } from "./alone";
import type { Held } from "./locked";
import { owed } from "./owed";
import { perform } from "./perform";
import { type Activation, planActivation } from "./plan";
import { standing } from "./standing";
import { forgetTrial } from "./trial";

export interface Run {
  /** The lines that were reviewed. */
  agreed: readonly string[];
  /** The machine that was meant; another one at the same address is never touched. */
  expected: string | undefined;
  kinds: KindOf;
  progress(what: string): void;
  /** See `AloneOptions`. */
  patience?: number;
  /** An image of ours is the default and runs, still under the lock: what waited for it follows. */
  settle?(image: string): Promise<void>;
}

/** What was reviewed, on the machine as it is now, by nobody else at the same time. Returns what was done, a sentence each. */
export async function runActivation(machine: Machine, args: ActivationArgs, run: Run): Promise<string[]> {
  const held: Held = { session: await PowerSession.open(machine.target()) };
  const { progress, patience } = run;
  const who = { owner: ownerLabel(), progress, ...(patience === undefined ? {} : { patience }) };
  try {
    await alone(held.session, { ...who, stands: "Nothing was interrupted." });
    // under the lock: what another run did meanwhile needs no doing
    const { found, plan, draft } = await reviewed(machine, args, run);
    if (plan.steps.length === 0) return [];
    const { connection } = machine.settings;
    const { guests, limits } = args;
    const work = { ...who, target: machine.target(), connection, guests, limits };
    await forgetTrial(draft.snapshot, work);
    const did = await perform(plan.steps, held, work).finally(() => {
      // whatever came of it, what any address of the machine told before is old
      if (found !== undefined) rebooted(found);
    });
    const image = plan.steps.flatMap((step) => (step.act === "hypervisor-install" ? [step.image.id] : []))[0];
    await follow(run, image);
    return did;
  } finally {
    await held.session.close();
    machine.forget();
  }
}

/** @param image confirmed by this run, or by one that ended right behind its promotion */
async function follow({ settle }: Run, image: string | undefined): Promise<boolean> {
  if (!settle || image === undefined) return false;
  const stands = `Image ${image} is the default; launch scripts that waited for it still do: the next run puts them in their places.`;
  await standing(`behind the promotion of image ${image}`, stands, settle(image));
  return true;
}

async function reviewed(
  machine: Machine,
  args: ActivationArgs,
  run: Run,
): Promise<{ found: string | undefined; plan: Activation; draft: Draft }> {
  machine.forget();
  let draft = await machine.draft();
  const found = machineKey(draft.snapshot.identity);
  if (run.expected !== undefined && found !== run.expected)
    throw new AcrnError("machine.other", "another machine answers at this address than the one that was planned for", {
      hint: "Nothing was done. Run the preview again.",
    });
  // what starts a VM has to be in its place before anything is planned on it
  if (await follow(run, owed(draft))) {
    machine.forget();
    draft = await machine.draft();
  }
  const plan = planActivation(draft, args, run.kinds);
  refuseUnseen(plan, run.agreed);
  if (plan.obstacles.length > 0)
    throw new AcrnError("power.obstacle", plan.obstacles.join("\n"), { hint: "Nothing was interrupted." });
  return { found, plan, draft };
}

function refuseUnseen({ lines }: Activation, agreed: readonly string[]): void {
  const unseen = unseenIn(lines, agreed);
  if (unseen.length === 0) return;
  throw new AcrnError(
    "plan.changed",
    `the host changed after the plan was made; this was not in it: ${unseen.join("; ")}`,
    {
      hint: "Nothing was interrupted. Run the preview again and look at the new plan.",
    },
  );
}

/** For people: what is written and does not run, and what would make it. Empty when everything runs. */
export function leftToRun(
  { pending, forbidden, byHand }: Pick<Activation, "pending" | "forbidden" | "byHand">,
  allow: (names: readonly string[]) => string,
): string[] {
  const left = [...byHand, ...forbidden];
  if (left.length === 0) return [];
  const n = new Set(left.flatMap(({ fields }) => fields)).size;
  const names = [...new Set(forbidden.map(({ act }) => act))];
  return [
    `${n} of ${pending.length} changes are written and not running: ${left.map(showAct).join(", then ")}${names.length > 0 ? `; ${allow(names)}` : ""}`,
  ];
}
