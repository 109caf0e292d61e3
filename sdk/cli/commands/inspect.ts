import type { Command } from "commander";
import { showAct } from "../../../provider/core/plan/acts";
import { DEFAULT_PROFILE } from "../../../provider/core/tuning/profiles/catalog";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { EXIT, type Status } from "../exit";
import type { HostOptions } from "../host";
import { imagesText } from "../inspect/booting";
import type { StackClaims } from "../inspect/claims";
import { factRows } from "../inspect/facts";
import { inspectProfile } from "../inspect/profile";
import { type Inspection, inspectMachine } from "../inspect/view";
import { runningCells, scriptCells, vmCells } from "../inspect/vms";
import type { Output } from "../output";
import { hostData } from "../show/data";
import { sayPending } from "../show/pending";
import { table } from "../show/table";

export function inspectCommand(context: Context, reached: Reached): Command {
  return hostCommand(
    "inspect",
    "tells what the machine is, what is written, built and running, and what is wrong with it",
    "[target]",
  )
    .option(
      "--profile [name]",
      `instead of a machine: all that a profile of GuestKernelTuning sets (${DEFAULT_PROFILE})`,
    )
    .action(async (target: string | undefined, options: InspectOptions, command: Command) => {
      const { profile, ...others } = options;
      if (profile !== undefined) return reached(inspectProfile(context, profile, { target, ...others }));
      if (target === undefined) return missingTarget(command);
      return reached(await inspect(context, target, others));
    });
}

interface InspectOptions extends HostOptions {
  /** `true`: it is asked for, and not named. */
  profile?: string | true;
}

/** As commander says it of an argument that is always needed. */
function missingTarget(command: Command): never {
  return command.error("error: missing required argument 'target'", { code: "commander.missingArgument" });
}

async function inspect(context: Context, target: string, options: HostOptions): Promise<Status> {
  const { output } = context;
  const { host, snapshot } = await openRead(context, target, options);
  const inspection = await inspectMachine(host.machine);
  output.say(host.label, output.colours.bold);
  sayInspection(output, inspection);
  for (const { message, hint } of inspection.problems) output.warn(hint ? `${message}\n  ${hint}` : message);
  output.document({ host: hostData(host, snapshot), ...inspection, warnings: snapshot.warnings });
  return EXIT.done;
}

function sayInspection(
  output: Output,
  { facts, images, vms, running, scripts, pending, acts, claims }: Inspection,
): void {
  const rows = [...factRows(facts), { label: "images", text: imagesText(images), known: images.trial === null }];
  for (const [at, line] of table(rows.map(({ label, text }) => [label, text])).entries())
    output.say(line, rows[at]?.known ? undefined : output.colours.yellow);
  section(output, "VMs", table([["name", "id", "load", "", "source", "record"], ...vms.map(vmCells)]), vms.length);
  if (running.length > 0) section(output, "Running", table(running.map(runningCells)), running.length);
  const dialect = facts.dialect.known ? facts.dialect.value : undefined;
  section(output, "Launch scripts", table(scripts.map((script) => scriptCells(script, dialect))), scripts.length);
  if (pending.length > 0) output.say("Written, built and running", output.colours.bold);
  sayPending(output, pending);
  for (const act of acts) output.say(`  to make it run: ${showAct(act)}`);
  section(output, "Claims", claims.map(summary), claims.length);
}

function section(output: Output, title: string, lines: readonly string[], count: number): void {
  output.say(title, output.colours.bold);
  if (count === 0) output.say("  none");
  else for (const line of lines) output.say(line);
}

function summary({ stack, owners }: StackClaims): string {
  const fields = owners.flatMap((owner) => owner.fields);
  const drifted = fields.filter((field) => field.state === "drifted").length;
  const drift = drifted > 0 ? `, ${drifted} drifted` : "";
  return `  ${stack}: ${fields.length} field${fields.length === 1 ? "" : "s"} of ${owners.length} resource${owners.length === 1 ? "" : "s"}${drift}`;
}
