import type { AcrnError } from "../../core/errors";
import { changed, pinMismatch, pinUnreadable, revoked, unknown } from "./host-key-errors";
import { algorithmsOf, fingerprint, keyType, type PublicKey, parsePublicKey } from "./known-hosts/keys";
import { type KnownHost, parseKnownHosts } from "./known-hosts/parse";
import { judge, knownTypes } from "./known-hosts/verdict";
import type { ResolvedConnection } from "./spec";

/** What ssh2 can verify, in OpenSSH's order of preference; `ssh-rsa` with SHA-1 and DSA are not offered. */
const ALGORITHMS = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/** Decides about the host key of one connection; made anew for each, so that a mended known_hosts counts at once. */
export interface HostKeyCheck {
  /** Host key algorithms to offer, those of noted keys first (ssh's order_hostkeyalgs). */
  algorithms: string[];
  /** Undefined: the key is the right one. */
  verify(blob: Buffer): AcrnError | undefined;
}

export function hostKeyCheck(
  connection: ResolvedConnection,
  readFile: (path: string) => string | undefined,
): HostKeyCheck {
  const entries = connection.knownHosts.flatMap((file) => parseKnownHosts(readFile(file) ?? "", file));
  if (connection.pinnedHostKey !== undefined) return pinned(connection, connection.pinnedHostKey, entries);
  const { hostKeyName, hostKeyFallback } = connection;
  return {
    algorithms: order(knownTypes(hostKeyName, hostKeyFallback, entries)),
    verify: (blob) => judged(connection, blob, entries),
  };
}

function judged(connection: ResolvedConnection, blob: Buffer, entries: readonly KnownHost[]): AcrnError | undefined {
  const key = { type: keyType(blob) ?? "unknown", blob };
  const verdict = judge(blob, connection.hostKeyName, connection.hostKeyFallback, entries);
  if (verdict.kind === "known") return undefined;
  if (verdict.kind === "revoked") return revoked(connection, key, verdict.entry);
  if (verdict.kind === "changed") return changed(connection, key, verdict.entries);
  return unknown(connection, key, verdict.authorities);
}

/** A pinned key stands instead of known_hosts, except that a revoked key stays revoked. */
function pinned(connection: ResolvedConnection, text: string, entries: readonly KnownHost[]): HostKeyCheck {
  const pin = parsePin(text);
  if (!pin) throw pinUnreadable();
  return {
    algorithms: order("type" in pin ? [pin.type] : []),
    verify(blob) {
      const verdict = judge(blob, connection.hostKeyName, connection.hostKeyFallback, entries);
      const key = { type: keyType(blob) ?? "unknown", blob };
      if (verdict.kind === "revoked") return revoked(connection, key, verdict.entry);
      const equal = "type" in pin ? pin.blob.equals(blob) : pin.fingerprint === fingerprint(blob);
      return equal ? undefined : pinMismatch(connection, key, "type" in pin ? fingerprint(pin.blob) : pin.fingerprint);
    },
  };
}

/** `SHA256:...`, or a key line: `ssh-ed25519 AAAA... [comment]`, also with the host in front, as ssh-keyscan prints it. */
export function parsePin(text: string): PublicKey | { fingerprint: string } | undefined {
  const words = text.trim().split(/\s+/);
  if (words.length === 1 && /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(words[0] as string)) {
    return { fingerprint: (words[0] as string).replace(/=$/, "") };
  }
  for (let at = 0; at + 1 < Math.min(words.length, 3); at++) {
    const key = parsePublicKey(words[at] as string, words[at + 1] as string);
    if (key) return key;
  }
  return undefined;
}

function order(types: readonly string[]): string[] {
  const first = types.flatMap(algorithmsOf).filter((algorithm) => ALGORITHMS.includes(algorithm));
  return [...new Set([...first, ...ALGORITHMS])];
}
