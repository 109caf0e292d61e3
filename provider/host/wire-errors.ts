import { AcrnError } from "../core/errors";

/** `what`: the limit of wire-lines.ts that was broken. */
export function tooMuch(label: string, what: string): AcrnError {
  return new AcrnError("frame.size", `${label} sent ${what}`, {
    hint: "That is no answer of our script. Does the login shell print without end?",
  });
}

/** Not a byte for so many milliseconds. */
export function silent(label: string, idle: number): AcrnError {
  return new AcrnError("host.silent", `${label} has not answered for ${idle / 1000} s`, {
    hint: "Is the machine overloaded or its disk stuck?",
  });
}

/** Bytes came, and the answer did not end. */
export function endless(label: string, limit: number): AcrnError {
  return new AcrnError("host.slow", `the answer of ${label} was not complete after ${limit / 1000} s`, {
    hint: "The link or the machine is too slow for it, or it answers without end. Try the same login by hand.",
  });
}

/** `said`: what the target said beside the answer, safe to print; may be empty. */
export function notStarted(label: string, limit: number, said: string): AcrnError {
  return new AcrnError("host.silent", `${label} has not started our script within ${limit / 1000} s`, {
    hint: `Its login or its sudo waits for something (a second factor, a directory service). ${quoted(said)}`.trim(),
  });
}

/** How a process ended; `cause` is set where the link broke under it. */
export interface End {
  how: string;
  cause?: unknown;
}

/** The process or its link ended before its answer did, or before it had begun. */
export function cut(label: string, { how, cause }: End, started: boolean, said: string): AcrnError {
  const code = cause === undefined ? "frame.cut" : "link.cut";
  const where = started ? "ended before it was complete" : "did not come";
  return new AcrnError(code, `the answer of ${label} ${where} (${how})`, {
    hint: quoted(said) || "The target said nothing on stderr. Try the same login by hand.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function quoted(said: string): string {
  return said && `The target said: ${said}`;
}
