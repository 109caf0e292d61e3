import { AcrnError } from "../core/errors";

/** What stood when it broke: its code, what it says in front, and what it adds to the hint. */
export interface Stage {
  code: string;
  says: string;
  hint: string;
}

/** Values of the running kernel lie outside the transaction, so what an error inside it says of changes ("nothing was changed") is not all. */
export const STAGES = {
  /** Before the transaction, on their way back. */
  returning: {
    code: "running.unproved",
    says: "values of the running kernel were on their way back, and whether they are is not known",
    hint: "No file was changed, and the ledger still has what they were. Run again.",
  },
  /** They are back, and the transaction behind it did not come to its end. */
  returned: {
    code: "running.returned",
    says: "values of the running kernel were given back, and then it stopped",
    hint: "What is said of changes is about the files alone. Run again: it goes on from there.",
  },
  /** Behind the transaction. */
  setting: {
    code: "running.unproved",
    says: "the files are as planned; whether the running kernel has its values is not known",
    hint: "Run the preview again: it shows what the kernel has.",
  },
} as const satisfies Record<string, Stage>;

/** An error of ours with the stage in front; one that says already what became of the values, and a bug, as they are. */
export async function within<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof AcrnError) || cause.code === "running.refused") throw cause;
    const hint = cause.hint === undefined ? stage.hint : `${cause.hint}\n${stage.hint}`;
    throw new AcrnError(stage.code, `${stage.says}: ${cause.summary}`, { hint, cause });
  }
}
