import { AcrnError } from "../../core/errors";

const BEFORE_ANYTHING_WAS_SENT = /^ssh\.(dns|connect\.|handshake|host-key\.|auth|key\.)/;

/**
 * True when the machine could not be reached and nothing was sent to it: no route, refused, timeout, name unknown, host
 * key, authentication. `ssh.lost` is not among them: a command may have run.
 */
export function isUnreachable(error: unknown): boolean {
  return error instanceof AcrnError && BEFORE_ANYTHING_WAS_SENT.test(error.code);
}

/** True when the link broke after the login: what was running may have gone on, finished or stopped. */
export function isLost(error: unknown): boolean {
  return error instanceof AcrnError && error.code === "ssh.lost";
}

/** Text from a server, safe to print: one line, no terminal escapes, not endless. */
export function printable(text: string, limit = 200): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > limit ? `${line.slice(0, limit)}...` : line;
}
