import type { z } from "zod";
import { AcrnError } from "../core/errors";
import type { Refusal } from "../core/plan/types";
import { visibleLines } from "../core/text/visible";
import { version } from "../version";

export interface Failure {
  property: string;
  reason: string;
}

/** A user's mistake stands on its property; a bug goes on with its stack. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AcrnError) return { property: error.property ?? "", reason: sentence(error) };
  throw error;
}

export function refusalFailure(r: Refusal): Failure {
  return { property: r.property, reason: visibleLines(`${r.tip}: ${r.message}\n${r.hint} [${r.code}]`) };
}

/**
 * zod's issues on their properties. Below `host` the property stays empty: the engine prints the value of the property
 * with the failure, and there it may be a password.
 */
export function issueFailures(error: z.ZodError, secretive: boolean): Failure[] {
  return error.issues.map((issue) => {
    const path = issue.path.join(".");
    const reason = visibleLines(`${secretive && path ? `${path}: ` : ""}${issue.message}`);
    return { property: secretive ? "" : path, reason };
  });
}

/** Faces and provider come from one package; two copies of different versions would misread each other's inputs. */
export function versionFailure(face: string): Failure | undefined {
  if (face === version) return undefined;
  return {
    property: "",
    reason:
      `this program was written with pulumi-acrn ${visibleLines(face) || "(unknown)"}, but the provider found beside it is ${version}\n` +
      "Two copies are installed: run `npm ls pulumi-acrn`. A component library has to name it as a peer dependency. [version.skew]",
  };
}

/**
 * Thrown to the engine from create, update and delete. The dynamic provider prints `${error}: ${error.stack}` on the
 * stack's row; for a user's mistake the stack trace is noise, so it goes.
 */
export function forEngine(error: unknown): unknown {
  if (!(error instanceof AcrnError)) return error;
  const out = new Error(sentence(error));
  out.name = "pulumi-acrn";
  out.stack = "";
  return out;
}

/** What the engine prints as it is: text of a host in it must not reach the terminal as commands. */
function sentence(error: AcrnError): string {
  return visibleLines(`${error.message} [${error.code}]`);
}
