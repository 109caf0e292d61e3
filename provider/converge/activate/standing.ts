import { AcrnError } from "../../core/errors";

/**
 * A link that breaks in the middle says nothing about the machine: the error of a phase says how the VM stands then, and what the next run does.
 * @param stands for errors of the link; those of power say so themselves
 */
export async function standing<T>(phase: string, stands: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AcrnError) || error.code.startsWith("power.")) throw error;
    const hint = [stands, error.hint].filter(Boolean).join(" ");
    throw new AcrnError(error.code, `${phase}: ${error.summary}`, { hint, cause: error });
  }
}
