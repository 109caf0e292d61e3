import { CommanderError } from "commander";
import { AcrnError } from "../../provider/core/errors";
import { sayTouched } from "./carry-out";
import { EXIT, Failed, type Status } from "./exit";
import type { Io } from "./io";
import { Output } from "./output";
import { buildProgram } from "./program";

/** One run of the command line, without the process around it. */
export async function run(argv: readonly string[], io: Io): Promise<Status> {
  const output = new Output(io, asked(argv, "--json"));
  let status: Status = EXIT.done;
  try {
    await buildProgram({ io, output }, (reached) => {
      status = reached;
    }).parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, output);
    return failure(error, output, asked(argv, "--verbose"));
  }
}

/** Before the arguments are parsed, so that trouble with them is told in the form that was asked for. */
function asked(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? undefined : end).includes(flag);
}

/** commander has said it; help and --version are no errors. */
function usage(error: CommanderError, output: Output): Status {
  if (error.exitCode === 0) return EXIT.done;
  output.document({ error: { code: "usage", message: error.message.replace(/^error: /, "") }, status: EXIT.failed });
  return EXIT.failed;
}

function failure(thrown: unknown, output: Output, verbose: boolean): Status {
  const { status, touched } = thrown instanceof Failed ? thrown : { status: EXIT.failed, touched: [] };
  const error = thrown instanceof Failed ? thrown.cause : thrown;
  output.note(`error: ${messageOf(error)}`, output.noteColours.red);
  if (verbose) for (const line of traces(error)) output.note(line, output.noteColours.dim);
  if (status === EXIT.uncertain && touched) sayTouched(output, touched);
  output.document({ error: errorData(error), status, touched: touched ?? [] });
  return status;
}

function messageOf(error: unknown): string {
  if (error instanceof AcrnError) return `${error.message} [${error.code}]`;
  const text = error instanceof Error ? error.message : String(error);
  return `${text}\nThis is no mistake of yours but one of pulumi-acrn: please report it, with what --verbose adds.`;
}

function errorData(error: unknown) {
  if (!(error instanceof AcrnError))
    return { code: "internal", message: error instanceof Error ? error.message : String(error) };
  const { code, summary, hint, property, where } = error;
  return { code, message: summary, hint: hint ?? null, property: property ?? null, where: where ?? null };
}

/** The stack of an error and of all that caused it. */
function traces(error: unknown): string[] {
  const out: string[] = [];
  for (let at = error; at instanceof Error && out.length < 10; at = at.cause) out.push(at.stack ?? String(at));
  return out;
}
