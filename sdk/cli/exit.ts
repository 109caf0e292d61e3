import { AcrnError } from "../../provider/core/errors";

/** What the process says to whoever called it; part of the contract with scripts. */
export const EXIT = {
  /** Nothing to do, or done. */
  done: 0,
  /** An error, and nothing was changed. */
  failed: 1,
  /** `plan` only: there are changes. */
  changes: 2,
  /** An error, and something may have been changed; the message says what. */
  uncertain: 3,
} as const;

export type Status = (typeof EXIT)[keyof typeof EXIT];

/** Whatever the phase: something was written, or nobody knows (host/outcome.ts, host/reconnect.ts, converge/apply.ts, converge/running-errors.ts). */
const UNCERTAIN = new Set([
  "tx.torn",
  "tx.unknown",
  "verify",
  "running.refused",
  "running.returned",
  "running.unproved",
]);

/** Ends of a transaction that was sent, by which the machine says that nothing was changed or all was put back. */
const SETTLED = new Set(["host.changed", "disk.full", "write.refused", "tx.failed", "link.cut"]);

/**
 * The status of a failed apply or release. Before the files go out nothing can have changed; from then on only an
 * error that says so is taken for harmless: everything else, a bug of ours included, may have left something.
 */
export function failedStatus(error: unknown, writing: boolean): typeof EXIT.failed | typeof EXIT.uncertain {
  const code = error instanceof AcrnError ? error.code : undefined;
  if (code !== undefined && UNCERTAIN.has(code)) return EXIT.uncertain;
  if (!writing) return EXIT.failed;
  return code !== undefined && SETTLED.has(code) ? EXIT.failed : EXIT.uncertain;
}

/** An error whose status was decided where it happened, with what may have changed. */
export class Failed extends Error {
  constructor(
    readonly status: Status,
    override readonly cause: unknown,
    /** Paths on the machine that may have been written; null: the error itself says where everything stands. */
    readonly touched: readonly string[] | null = [],
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}
