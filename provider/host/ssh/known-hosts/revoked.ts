import type { AcrnError } from "../../../core/errors";
import { revocationUnknown, revokedIn } from "../host-key-errors";
import type { ResolvedConnection } from "../spec";
import { type PublicKey, parsePublicKey } from "./keys";

/** How a key revocation list of ssh-keygen -k starts (PROTOCOL.krl of OpenSSH). */
const KRL = "SSHKRL\n\0";

/**
 * RevokedHostKeys: public keys, one a line. As in ssh a file that cannot be read refuses every key (sshconnect.c, check_host_key),
 * and so does a KRL here, which we do not read.
 */
export function revokedByFile(
  to: ResolvedConnection,
  key: PublicKey,
  readFile: (path: string) => string | undefined,
): AcrnError | undefined {
  for (const file of to.revokedHostKeys) {
    const text = readFile(file);
    if (text === undefined) return revocationUnknown(to, file, "cannot be read");
    if (text.startsWith(KRL))
      return revocationUnknown(to, file, "is a key revocation list (KRL), which is not supported");
    if (text.split("\n").some((line) => holds(line, key))) return revokedIn(to, key, file);
  }
  return undefined;
}

function holds(line: string, { blob }: PublicKey): boolean {
  const words = line.trim().split(/[ \t]+/);
  return words.some((word, at) => parsePublicKey(word, words[at + 1] ?? "")?.blob.equals(blob) ?? false);
}
