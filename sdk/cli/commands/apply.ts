import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Applied } from "../../../provider/converge/apply";
import type { Draft } from "../../../provider/converge/draft";
import { same } from "../../../provider/core/claims/same";
import { consent } from "../ask";
import { carryOut, type Shown } from "../carry-out";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { parseDeclared } from "../declared/parse";
import { readDeclared } from "../declared/read";
import { EXIT, type Status } from "../exit";
import type { HostOptions } from "../host";
import { hostData, planData } from "../show/data";
import { sayPending } from "../show/pending";
import { sayPlan } from "../show/plan";
import { changes, count, planStack } from "../stack/plan-stack";
import { planOnRead } from "../stack/read-plan";
import { refuseStack } from "../stack/refused";
import { idle } from "./plan";

export interface ApplyOptions extends HostOptions {
  yes?: boolean;
}

export function applyCommand(context: Context, reached: Reached): Command {
  return hostCommand(
    "apply",
    "makes the machine's files what the declaration says, and gives back what it no longer has",
  )
    .argument("<declared>", "JSON or YAML file, or - for stdin")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      "\nThe whole file is one transaction on the machine: all of it or nothing. Nothing is rebooted.\n",
    )
    .action(async (target: string, file: string, options: ApplyOptions) =>
      reached(await applyFile(context, target, file, options)),
    );
}

async function applyFile(context: Context, target: string, file: string, options: ApplyOptions): Promise<Status> {
  const { io, output } = context;
  const declared = parseDeclared(await readDeclared(file, io.stdin));
  const { host } = await openRead(context, target, options);
  const ids = newIds();
  const plan = (fresh: Draft) => planStack(fresh, declared, ids);
  const { draft, stack } = await planOnRead(host.machine, plan);
  for (const warning of stack.whole.warnings) output.warn(warning);
  refuseStack(stack, declared);
  sayPlan(output, stack);
  output.say();
  const shown = { host, draft, stack, following: true };
  if (!changes(stack, draft)) {
    output.say(idle(host, draft, stack, declared), output.colours.green);
    output.document(result(shown, declared.name));
    return EXIT.done;
  }
  const these = count(stack)
    .replace(/^1 /, "this 1 ")
    .replace(/^(?=\d)/, "these ");
  await consent(`Apply ${these} to ${host.label}?`, options.yes ?? false, output, io);
  const applied = await carryOut(shown, plan, io, output);
  output.say(`Done: ${count(stack)} written on ${host.label}.`, output.colours.green);
  if (!same(applied.planned.pending, stack.whole.pending)) sayPending(output, applied.planned.pending);
  output.document(result(shown, declared.name, applied));
  return EXIT.done;
}

/** One id a claim, the same each time that this run plans it. */
export function newIds(): (urn: string) => string {
  const ids = new Map<string, string>();
  return (urn) => {
    const id = ids.get(urn) ?? randomUUID();
    ids.set(urn, id);
    return id;
  };
}

/** What was planned, and how it stands now. */
export function result({ host, draft, stack }: Shown, name: string, applied?: Applied) {
  const { snapshot } = draft;
  const warnings = [...snapshot.warnings, ...stack.whole.warnings];
  const pending = applied?.planned.pending ?? stack.whole.pending;
  return {
    host: hostData(host, snapshot),
    stack: name,
    applied: applied?.changed ?? false,
    ...planData(stack),
    pending,
    warnings,
  };
}
