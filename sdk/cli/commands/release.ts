import type { Command } from "commander";
import { type Draft, draftOf } from "../../../provider/converge/draft";
import type { Owner } from "../../../provider/core/claims/types";
import { AcrnError } from "../../../provider/core/errors";
import { consent } from "../ask";
import { carryOut } from "../carry-out";
import { clearedUp, imagesLeft, sayGoing, takeAway } from "../clear-up";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { checkStackName } from "../declared/parse";
import { EXIT, type Status } from "../exit";
import type { HostOptions } from "../host";
import type { Output } from "../output";
import { sayPlan } from "../show/plan";
import { count, planRelease } from "../stack/plan-stack";
import { refuseStack } from "../stack/refused";
import { result } from "./apply";
import { holdsNothing } from "./plan";

export interface ReleaseOptions extends HostOptions {
  stack?: string;
  urn?: string[];
  all?: boolean;
  yes?: boolean;
}

export function releaseCommand(context: Context, reached: Reached): Command {
  return hostCommand("release", "frees claims, and gives back what only they held")
    .option("--stack <name>", "of this stack: the name of a file, or org/project/stack of Pulumi")
    .option("--urn <urn>", "only this resource of it; may be repeated", (urn, all: string[] = []) => [...all, urn])
    .option("--all", "of every stack")
    .option("--yes", "do not ask")
    .action(async (target: string, options: ReleaseOptions) => reached(await release(context, target, options)));
}

async function release(context: Context, target: string, options: ReleaseOptions): Promise<Status> {
  const { io, output } = context;
  const wanted = wantedOf(options);
  const { host, snapshot } = await openRead(context, target, options);
  const draft = draftOf(snapshot, host.settings, false);
  const leaving = ownersFor(draft, wanted);
  const name = wanted.stack ?? "(all)";
  // By id, and decided once: a claim that comes meanwhile was not shown, so it is not freed.
  const plan = (fresh: Draft) => planRelease(fresh, leaving);
  const stack = plan(draft);
  const shown = { host, draft, stack, following: false };
  if (leaving.length === 0) {
    if (imagesLeft(snapshot, draft.ledger)) await takeAway(context, host, draft.ledger, options.yes ?? false);
    else output.say(holdsNothing(host, draft, wanted.stack), output.colours.green);
    output.document(result(shown, name));
    return EXIT.done;
  }
  refuseStack(stack);
  sayPlan(output, stack);
  output.say();
  sayGoing(output, draft, leaving, stack.whole.ledger);
  warnOfPulumi(output, leaving);
  await consent(`Free ${claims(leaving)} on ${host.label}, with ${count(stack)}?`, options.yes ?? false, output, io);
  const applied = await carryOut(shown, plan, io, output);
  await clearedUp(
    host,
    leaving.map(({ kind }) => kind),
    applied.planned.ledger,
    output,
  );
  output.say(`Done: ${claims(leaving)} freed on ${host.label}.`, output.colours.green);
  output.document(result(shown, name, applied));
  return EXIT.done;
}

interface Wanted {
  /** Undefined: every stack. */
  stack?: string;
  urns?: readonly string[];
}

function wantedOf({ stack, urn, all }: ReleaseOptions): Wanted {
  if (stack !== undefined && !all) return { stack: checkStackName(stack), ...(urn ? { urns: urn } : {}) };
  if (all && stack === undefined && !urn) return {};
  throw new AcrnError("options", "say whose claims: --stack NAME [--urn URN], or --all", {
    hint: "`pulumi-acrn claims TARGET` lists stacks and URNs.",
  });
}

/** The latest first: what came last goes first. */
function ownersFor(draft: Draft, { stack, urns }: Wanted): Owner[] {
  const of = Object.values(draft.ledger.owners).filter((o) => stack === undefined || o.stack === stack);
  for (const urn of urns ?? [])
    if (!of.some((owner) => owner.urn === urn))
      throw new AcrnError("release.unknown", `${stack} has no claim of ${urn}`, {
        hint: of.length > 0 ? `It has: ${of.map((o) => o.urn).join(", ")}` : "It has none at all.",
      });
  return of.filter((o) => !urns || urns.includes(o.urn)).sort((a, b) => b.sequence - a.sequence);
}

/** Its state does not know of this, and its next up claims everything anew. */
function warnOfPulumi(output: Output, leaving: readonly Owner[]): void {
  const stacks = [...new Set(leaving.filter((o) => o.urn.startsWith("urn:pulumi:")).map((o) => o.stack))];
  for (const stack of stacks.sort())
    output.warn(
      `${stack} is a stack of Pulumi: if it still exists, use \`pulumi destroy\` there, or its next up claims all this again`,
    );
}

function claims(leaving: readonly Owner[]): string {
  return leaving.length === 1 ? "the claim of 1 resource" : `the claims of ${leaving.length} resources`;
}
