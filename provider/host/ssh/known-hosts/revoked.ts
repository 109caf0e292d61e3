import { utils } from "ssh2";
import type { AcrnError } from "../../../core/errors";
import { revocationUnknown, revokedIn } from "../host-key-errors";
import type { ResolvedConnection } from "../spec";
import { type PublicKey, parsePublicKey } from "./keys";

/** How a key revocation list of ssh-keygen -k starts (PROTOCOL.krl of OpenSSH). */
const KRL = "SSHKRL\n\0";

/**
 * RevokedHostKeys: public keys, one a line. As in ssh a file that cannot be read refuses every key (sshconnect.c, check_host_key), and so
 * does a line (authfile.c, sshkey_in_file): who knows which key it meant. So does a KRL here, which we do not read.
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
    const lines = text.split("\n");
    if (lines.some((line) => blobOf(line)?.equals(key.blob))) return revokedIn(to, key, file);
    const broken = lines.findIndex((line) => !isComment(line) && blobOf(line) === undefined);
    if (broken >= 0) return revocationUnknown(to, file, `cannot be read in line ${broken + 1}`);
  }
  return undefined;
}

/** Blank, or a remark. */
function isComment(line: string): boolean {
  return /^[ \t]*(#|$)/.test(line);
}

/** The key that a line starts with. */
function blobOf(line: string): Buffer | undefined {
  const [type = "", base64 = ""] = line
    .replace(/\r$/, "")
    .replace(/^[ \t]+/, "")
    .split(/[ \t]+/);
  const key = parsePublicKey(type, base64);
  return key && !(utils.parseKey(`${type} ${base64}`) instanceof Error) ? key.blob : undefined;
}
