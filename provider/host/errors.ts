import { AcrnError } from "../core/errors";
import { harmless } from "./launch";

import { SUDO } from "./sudo-errors";

type Make = (label: string, detail: string) => AcrnError;

const REMOTE: Record<string, Make> = {
  "root.missing": (label, detail) =>
    new AcrnError("folder.missing", `${label}: the folder ${detail} is not there or cannot be entered`, {
      hint: "A folder target is a directory that holds a machine's file tree. Check the path.",
    }),
  "tool.missing": (label, detail) => {
    const names = detail.split(",");
    const what = names.length > 1 ? `the commands ${names.join(", ")} are` : `the command ${detail} is`;
    return new AcrnError("tool.missing", `${label}: ${what} not there`, {
      hint: "The scripts need POSIX sh and coreutils or busybox. Install the package that has it.",
    });
  },
  "proc.missing": (label) =>
    new AcrnError(
      "tool.missing",
      `${label}: /proc is not mounted; without it a lock's owner cannot be told alive from dead`,
      {
        hint: "Apply on Linux with /proc mounted. Nothing was changed.",
      },
    ),
  "lock.failed": (label, detail) =>
    new AcrnError("write.refused", `${label}: no lock can be made in ${detail}; nothing was changed`, {
      hint: "The folder must be writable, on a file system with hard links, and not full.",
    }),
  ...SUDO,
};

/** An `error CODE DETAIL` line of the script, as an error for the user. `secret` is never quoted. */
export function remoteError(label: string, line: string, secret?: string): AcrnError {
  const [code = "", ...rest] = line.split(" ");
  const make = Object.hasOwn(REMOTE, code) ? REMOTE[code] : undefined; // before blanking: the password may be a part of the word
  return make
    ? make(label, harmless(rest.join(" "), secret))
    : badFrame(label, `unknown error ${harmless(code, secret)}`);
}

/** An answer that our script would not give. */
export function badFrame(label: string, what: string): AcrnError {
  return new AcrnError("frame.bad", `${label} sent an answer that makes no sense: ${harmless(what)}`, {
    hint: "Something between us and the target changes its output, or the target is not to be trusted.",
  });
}
