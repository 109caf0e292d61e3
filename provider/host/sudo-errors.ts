import { AcrnError } from "../core/errors";

type Make = (label: string, detail: string) => AcrnError;

/** Why nobody became root: by code of scripts in launch.ts, of `USER: what sudo said`. Each hint is true for every sudoers that gives that code. */
export const SUDO: Record<string, Make> = {
  "sudo.refused": (label, detail) => {
    const { user, entry } = parts(detail);
    return new AcrnError(
      "sudo.refused",
      `${label}: ${user} is neither root nor may it become root without a password`,
      {
        hint: [
          "If it may use sudo with a password, give that: sudoPassword (a secret), on the command line --sudo-password-env.",
          `Or allow it without one, by this line in /etc/sudoers.d/pulumi-acrn: ${entry}`,
        ].join("\n"),
      },
    );
  },
  "sudo.password": (label, detail) =>
    new AcrnError("sudo.password", `${label}: sudo did not take the password of ${parts(detail).user}`, {
      hint: "Check the secret. sudo was asked once. With rootpw, targetpw or runaspw in sudoers it is root's password that it wants.",
    }),
  "sudo.denied": (label, detail) => {
    const { user, entry } = parts(detail);
    return new AcrnError(
      "sudo.denied",
      `${label}: sudo lets ${user} run no /bin/sh as root, with or without a password`,
      {
        hint: `Allow it by this line in /etc/sudoers.d/pulumi-acrn: ${entry}`,
      },
    );
  },
  "sudo.missing": (label, detail) =>
    new AcrnError("sudo.missing", `${label}: ${parts(detail).user} is not root, and there is no sudo`, {
      hint: "Log in as root, or install sudo. Other programs of its kind (doas, su) are not used.",
    }),
  "sudo.expired": (label, detail) =>
    new AcrnError(
      "sudo.expired",
      `${label}: sudo refuses, because account or password of ${parts(detail).user} has expired`,
      {
        hint: `Set a new password there (passwd ${parts(detail).user}) or extend the account (chage), then correct the secret.`,
      },
    ),
  "sudo.tty": (label) => noTerminalError(label),
  "sudo.failed": (label, detail) => {
    const { user, said } = parts(detail);
    return new AcrnError("sudo.failed", `${label}: sudo does not start a shell for ${user}: ${said || "no word why"}`, {
      hint: "Try by hand, as that user: sudo /bin/sh -c id. Nothing was changed.",
    });
  },
};

/** A command on a terminal could not be started: where the server refused it, that is what sudo demands; a lost link stays one. Throws. */
export function noTerminal(label: string, cause: unknown): never {
  throw cause instanceof AcrnError && cause.code === "ssh.session" ? noTerminalError(label, cause) : cause;
}

function noTerminalError(label: string, cause?: unknown): AcrnError {
  return new AcrnError("sudo.tty", `${label}: sudo demands a terminal (requiretty), and none can be had`, {
    hint: "Allow terminals for this login (PermitTTY in sshd_config, no-pty in authorized_keys), or write `Defaults !requiretty` into sudoers for it.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function parts(detail: string): { user: string; said: string; entry: string } {
  const [, user = detail, said = ""] = /^([^:]*):? ?(.*)$/s.exec(detail) ?? [];
  // sudoers(5), Other special characters and reserved words: what means something there is escaped by a backslash
  const name = user.replace(/[^\w.$-]/g, "\\$&");
  return { user, said, entry: `${name} ALL=(root) NOPASSWD: /bin/sh` };
}
