import { AcrnError } from "../../../core/errors";
import { printable } from "../errors";

/** The link broke under a command. */
export function lost(label: string, cause: Error | undefined): AcrnError {
  const why = cause ? ` (${printable(cause.message)})` : "";
  return new AcrnError("ssh.lost", `session: ${label}: the connection broke before the command had ended${why}`, {
    hint: "What ran may have finished, stopped or go on: read the machine again before deciding (a new run does).",
    ...(cause ? { cause } : {}),
  });
}

export function noSession(label: string, cause: Error): AcrnError {
  return new AcrnError("ssh.session", `session: ${label}: the server starts no command (${printable(cause.message)})`, {
    hint: "Check MaxSessions, ForceCommand and the shell of the user on the machine; its sshd log says more.",
    cause,
  });
}

/** sshd does this when it is stopped or kills the session; how the command ended is as unknown as after a loss. */
export function noStatus(label: string): AcrnError {
  return new AcrnError("ssh.lost", `session: ${label}: the server ended the command without telling its exit status`, {
    hint: "What ran may have finished or not: read the machine again before deciding (a new run does).",
  });
}
