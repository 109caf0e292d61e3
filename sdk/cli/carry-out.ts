import { type Applied, apply } from "../../provider/converge/apply";
import type { Draft } from "../../provider/converge/draft";
import { LEDGER_PATH } from "../../provider/core/claims/ledger";
import { machineKey } from "../../provider/core/snapshot";
import { EXIT, Failed, failedStatus } from "./exit";
import type { Host } from "./host";
import type { Io } from "./io";
import type { Output } from "./output";
import type { StackPlan } from "./stack/plan-stack";

/** The phase in which the new files go out (host/transaction.ts). Before it, nothing can have been changed. */
const WRITING = /^writing /;

export interface Shown {
  host: Host;
  /** What the plan was made from. */
  draft: Draft;
  /** False: nothing but giving back, see draftOf. */
  following: boolean;
  stack: StackPlan;
}

/**
 * Does what was shown, in one transaction: all of it or nothing. The plan is made anew from the read under the lock;
 * whatever it has then that was not shown is an error, and nothing is written.
 */
export async function carryOut(
  shown: Shown,
  plan: (draft: Draft) => StackPlan,
  io: Io,
  output: Output,
): Promise<Applied> {
  const { host, draft, stack, following } = shown;
  let writing = false;
  const touched = () => (writing ? [...stack.whole.plan.files.map((file) => file.path), LEDGER_PATH] : []);
  const deaf = io.onInterrupt(() => interrupted(writing, touched(), io, output));
  try {
    const applied = await apply(host.machine, {
      plan: (fresh) => plan(fresh).whole,
      agreed: stack.whole.lines,
      following,
      machine: machineKey(draft.snapshot.identity),
      progress: (phase) => {
        writing ||= WRITING.test(phase);
        output.progress(`${host.label}: ${phase}`);
      },
    });
    // What only the machine could tell: a limit of the GPU that it did not take back.
    const { warnings } = applied.planned;
    for (const warning of warnings.filter((each) => !stack.whole.warnings.includes(each))) output.warn(warning);
    return applied;
  } catch (error) {
    const status = failedStatus(error, writing);
    throw new Failed(status, error, status === EXIT.uncertain ? touched() : []);
  } finally {
    deaf();
  }
}

/** The machine ends a transaction by itself, without us (scripts/runner.ts); so after an interrupt nobody here knows. */
function interrupted(writing: boolean, touched: readonly string[], io: Io, output: Output): void {
  if (writing) sayTouched(output, touched);
  output.note(writing ? "interrupted while writing" : "interrupted: nothing was changed");
  io.exit(writing ? EXIT.uncertain : EXIT.failed);
}

/** What a status of 3 owes its reader. */
export function sayTouched(output: Output, touched: readonly string[]): void {
  const files = touched.length > 0 ? `: ${touched.join(", ")}` : "";
  output.note(`Something may have been changed on the machine${files}`, output.noteColours.yellow);
  output.note(
    "Each of these files is old or new, never between. Run `pulumi-acrn plan` again: it says what is left to do.",
  );
}
