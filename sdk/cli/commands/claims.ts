import type { Command } from "commander";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { EXIT, type Status } from "../exit";
import type { HostOptions } from "../host";
import { claimsOf, type StackClaims } from "../inspect/claims";
import type { Output } from "../output";
import { hostData } from "../show/data";
import { table } from "../show/table";

export function claimsCommand(context: Context, reached: Reached): Command {
  return hostCommand(
    "claims",
    "lists who holds which field of the machine, what it was before, and what it is now",
  ).action(async (target: string, options: HostOptions) => reached(await claims(context, target, options)));
}

async function claims(context: Context, target: string, options: HostOptions): Promise<Status> {
  const { output } = context;
  const { host, snapshot } = await openRead(context, target, options);
  const stacks = claimsOf(snapshot, host.settings);
  if (stacks.length === 0) output.say(`Nobody holds anything on ${host.label}.`);
  for (const stack of stacks) sayStack(output, stack);
  output.document({ host: hostData(host, snapshot), stacks });
  return EXIT.done;
}

function sayStack(output: Output, { stack, owners }: StackClaims): void {
  const { colours } = output;
  output.say(stack, colours.bold);
  for (const owner of owners) {
    output.say(`  ${owner.type}  ${owner.urn}`);
    if (owner.fields.length === 0) output.say("    holds no field; it says that the stack is here", colours.dim);
    const [head = "", ...rows] = table(
      [HEAD, ...owner.fields.map((f) => [f.field, f.value, f.baseline ?? "-", f.live ?? "-", f.remark])],
      "    ",
    );
    if (rows.length > 0) output.say(head, colours.dim);
    for (const [at, row] of rows.entries())
      output.say(row, owner.fields[at]?.state === "drifted" ? colours.yellow : undefined);
  }
}

const HEAD = ["field", "claimed", "before", "live", ""];
