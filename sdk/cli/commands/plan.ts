import { type Command, Option } from "commander";
import { type Draft, draftOf } from "../../../provider/converge/draft";
import { AcrnError } from "../../../provider/core/errors";
import type { Snapshot } from "../../../provider/core/snapshot";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { checkStackName, parseDeclared } from "../declared/parse";
import { readDeclared } from "../declared/read";
import type { Declared } from "../declared/types";
import { EXIT, type Status } from "../exit";
import type { Host, HostOptions } from "../host";
import { hostData, planData } from "../show/data";
import { planMarkdown } from "../show/markdown";
import { sayPlan } from "../show/plan";
import { changes, count, owners, planRelease, planStack, type StackPlan } from "../stack/plan-stack";
import { planOnRead } from "../stack/read-plan";
import { refuseStack } from "../stack/refused";

export interface PlanOptions extends HostOptions {
  markdown?: boolean;
  destroy?: boolean;
  name?: string;
}

export function planCommand(context: Context, reached: Reached): Command {
  return hostCommand(
    "plan",
    "shows what apply would change, as a diff, and what is written but not running; writes nothing",
  )
    .argument("[declared]", "JSON or YAML file, or - for stdin")
    .option("--destroy", "show what giving everything back would change")
    .option("--name <stack>", "with --destroy and without a file: whose claims, e.g. org/project/stack")
    .addOption(new Option("--markdown", "for the review of a pull request").conflicts("json"))
    .addHelpText("after", EXAMPLE)
    .action(async (target: string, file: string | undefined, options: PlanOptions) =>
      reached(await plan(context, target, file, options)),
    );
}

const EXAMPLE = `
DECLARED, with the arguments that the resource has in a program, less host:

  name: cell-7
  resources:
    - type: CorePartition
      name: cores
      args: { vms: { POST_RT_VM1: [2, 3] }, neighbours: evict }
    - type: RtVm
      name: rt
      args: { name: POST_RT_VM1, partition: { ref: cores }, memory: 2G }

{ref: cores} in args stands for the resource of that name. The name of the file is its stack in the machine's ledger.
`;

async function plan(context: Context, target: string, file: string | undefined, options: PlanOptions): Promise<Status> {
  const subject = await subjectOf(context, file, options);
  const { host, snapshot } = await openRead(context, target, options);
  const { draft, stack } = await planned(host, snapshot, subject);
  for (const warning of stack.whole.warnings) context.output.warn(warning);
  refuseStack(stack, subject.declared);
  const changed = changes(stack, draft);
  const nothing = changed ? undefined : idle(host, draft, stack, subject);
  if (options.markdown) context.output.say(planMarkdown(`${subject.name} on ${host.label}`, stack, nothing));
  else sayAll(context, host, stack, nothing, subject);
  const warnings = [...snapshot.warnings, ...stack.whole.warnings];
  context.output.document({
    host: hostData(host, snapshot),
    stack: subject.name,
    changes: changed,
    ...planData(stack),
    warnings,
  });
  return changed ? EXIT.changes : EXIT.done;
}

/** To give back takes no new origin, see draftOf; and the ledger's files are part of every read. */
async function planned({ machine, settings }: Host, snapshot: Snapshot, { destroy, plan }: Subject) {
  if (!destroy) return planOnRead(machine, plan);
  const draft = draftOf(snapshot, settings, false);
  return { draft, stack: plan(draft) };
}

/** What is planned: a file, or that everything of a name goes. */
interface Subject {
  name: string;
  declared?: Declared;
  destroy: boolean;
  plan(draft: Draft): StackPlan;
}

async function subjectOf({ io }: Context, file: string | undefined, options: PlanOptions): Promise<Subject> {
  const { destroy = false, name } = options;
  if (name !== undefined && (!destroy || file !== undefined))
    throw new AcrnError("options", "--name goes with --destroy and without a file", {
      hint: "Of a file, the name stands in it. To see what a stack would give back: plan TARGET --destroy --name STACK.",
    });
  if (name !== undefined) return destruction(checkStackName(name));
  if (file === undefined)
    throw new AcrnError("options", "plan needs a file that declares something", {
      hint: "plan TARGET FILE; - reads stdin. Without a file: plan TARGET --destroy --name STACK.",
    });
  const declared = parseDeclared(await readDeclared(file, io.stdin));
  if (destroy) return destruction(declared.name);
  return { name: declared.name, declared, destroy, plan: (draft) => planStack(draft, declared, (urn) => `new ${urn}`) };
}

function destruction(name: string): Subject {
  return { name, destroy: true, plan: (draft) => planRelease(draft, owners(draft, name)) };
}

/** @param nothing why there is nothing to do */
function sayAll(
  { output }: Context,
  host: Host,
  stack: StackPlan,
  nothing: string | undefined,
  { name, destroy }: Subject,
): void {
  sayPlan(output, stack);
  output.say();
  if (nothing !== undefined) output.say(nothing, output.colours.green);
  else output.say(`${count(stack)} planned on ${host.label}; nothing was written.`, output.colours.bold);
  if (nothing === undefined && destroy)
    output.say(
      `To give back: pulumi-acrn release TARGET --stack ${name} (or pulumi destroy, if it is a stack of Pulumi).`,
    );
}

/** Nothing to do, and why. */
export function idle(
  host: Host,
  draft: Draft,
  stack: StackPlan,
  { name, destroy = false }: { name: string; destroy?: boolean },
): string {
  if (destroy) return holdsNothing(host, draft, name);
  if (stack.resources.length === 0)
    return `Nothing to do: ${name} declares nothing, and holds nothing on ${host.label}.`;
  return `Nothing to do: everything that ${name} declares is written on ${host.label}, and claimed.`;
}

/** A stack of Pulumi is easily named too short: who is there is said along. No name: all of them are meant. */
export function holdsNothing(host: Host, { ledger }: Draft, name?: string): string {
  if (name === undefined) return `Nothing to do: nobody holds anything on ${host.label}.`;
  const stacks = [...new Set(Object.values(ledger.owners).map((o) => o.stack))].sort();
  const others = stacks.length > 0 ? `There are: ${stacks.join(", ")}.` : "Nobody does.";
  return `Nothing to do: ${name} holds nothing on ${host.label}. ${others}`;
}
