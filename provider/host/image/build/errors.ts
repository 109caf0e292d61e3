import { AcrnError } from "../../../core/errors";
import { harmless } from "../../launch";

/** The recipe ended with another status than 0. */
export function buildFailed(label: string, status: number, tail: readonly string[]): AcrnError {
  return new AcrnError("build.failed", `${label}: the build of the hypervisor ended with status ${status}`, {
    hint: `Nothing of it was left behind and nothing was installed. Its last lines:\n${harmless(tail.join("\n"))}`,
  });
}

export function noResult(label: string, why: string): AcrnError {
  return new AcrnError("build.result", `${label}: the build ended well, but ${why}`, {
    hint: "A recipe leaves acrn.bin, and what belongs to it, in $OUT. Nothing was installed.",
  });
}

export function noFolder(label: string, where: string): AcrnError {
  return new AcrnError("build.folder", `${label}: no folder for the build can be made in ${harmless(where)}`, {
    hint: "A build needs a folder of its own in TMPDIR, /var/tmp or /tmp: is the disk full, or may the login not write there?",
  });
}
