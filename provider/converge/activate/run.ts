import { AcrnError } from "../../core/errors";
import { showAct } from "../../core/plan/acts";
import { machineKey } from "../../core/snapshot";
import type { ActivationArgs } from "../../resources/activation";
import type { Machine } from "../machine";
import { rebooted } from "../meet";
import type { KindOf } from "../plan-resource";
import { perform } from "./perform";
import { type Activation, planActivation } from "./plan";

export interface Run {
  /** The lines that were reviewed. */
  agreed: readonly string[];
  /** The machine that was meant; another one at the same address is never touched. */
  expected: string | undefined;
  kinds: KindOf;
  progress(what: string): void;
}

/** What was reviewed, on the machine as it is now. Returns what was done, a sentence each. */
export async function runActivation(machine: Machine, args: ActivationArgs, run: Run): Promise<string[]> {
  machine.forget();
  const draft = await machine.draft();
  const found = machineKey(draft.snapshot.identity);
  if (run.expected !== undefined && found !== run.expected)
    throw new AcrnError("machine.other", "another machine answers at this address than the one that was planned for", {
      hint: "Nothing was done. Run the preview again.",
    });
  const plan = planActivation(draft, args, run.kinds);
  refuseUnseen(plan, run.agreed);
  if (plan.obstacles.length > 0)
    throw new AcrnError("power.obstacle", plan.obstacles.join("\n"), { hint: "Nothing was interrupted." });
  const { connection } = machine.settings;
  const { guests, limits } = args;
  try {
    return await perform(plan.steps, { target: machine.target(), connection, guests, limits, progress: run.progress });
  } finally {
    machine.forget();
    if (found !== undefined && plan.steps.some(({ act }) => act === "host-reboot")) rebooted(found);
  }
}

/** What was reviewed is an act and its target; pids and proofs may be others by now. */
function refuseUnseen({ lines }: Activation, agreed: readonly string[]): void {
  const head = (line: string) => line.slice(0, line.indexOf(":"));
  const unseen = lines.filter((line) => !agreed.some((each) => head(each) === head(line)));
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
  { pending, forbidden, byHand }: Activation,
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
