import { visibleLines } from "./text/visible";

/** Where something went wrong: a file with its line and column (both from 1), a property, a step. */
export interface Place {
  file?: string;
  line?: number;
  column?: number;
  /** The source line with a caret under the column, ready to print. */
  excerpt?: string;
}

export interface AcrnErrorOptions {
  where?: Place;
  /** What the user can do about it: the second line of the message. */
  hint?: string;
  /** The argument at fault, as a path (`vms.POST_RT_VM1`); never set when its value may hold a secret. */
  property?: string;
  cause?: unknown;
}

/**
 * The one error base. The first line of `message` says what failed, the second what to do.
 * `code` is stable and made for programs (`xml.syntax`, `ssh.host-key.changed`, `claim.other-stack`).
 */
export class AcrnError extends Error {
  override readonly name: string = "AcrnError";
  readonly where: Place | undefined;
  readonly hint: string | undefined;
  readonly property: string | undefined;
  /** What failed, without place and hint. */
  readonly summary: string;

  constructor(
    readonly code: string,
    summary: string,
    options: AcrnErrorOptions = {},
  ) {
    super(text(summary, options), options.cause === undefined ? {} : { cause: options.cause });
    this.summary = harmless(summary);
    this.where = options.where;
    this.hint = options.hint === undefined ? undefined : harmless(options.hint);
    this.property = options.property;
  }

  /** The same error, said from one phase further up: `apply step 3/7: ...`. Code, place and hint stay. */
  within(phase: string): AcrnError {
    const options: AcrnErrorOptions = { cause: this };
    if (this.where) options.where = this.where;
    if (this.hint) options.hint = this.hint;
    if (this.property) options.property = this.property;
    return new AcrnError(this.code, `${phase}: ${this.summary}`, options);
  }
}

function text(summary: string, { where, hint }: AcrnErrorOptions): string {
  const place = where?.file ? `${where.file}${where.line ? `:${where.line}:${where.column ?? 1}` : ""}: ` : "";
  const lines = [`${place}${summary}`];
  if (where?.excerpt) lines.push(where.excerpt);
  if (hint) lines.push(hint);
  return harmless(lines.join("\n"));
}

/** Longer than any line of ours, an RSA host key to paste included. */
const LINE = 4000;

/** Errors quote files, hosts and other programs, and end on terminals: no escape, no hidden text and no megabyte gets there. */
function harmless(text: string): string {
  const lines = visibleLines(text).split("\n");
  return lines.map((line) => (line.length > LINE ? `${line.slice(0, LINE)}...` : line)).join("\n");
}
