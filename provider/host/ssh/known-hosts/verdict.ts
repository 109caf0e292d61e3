import { namesMatch } from "./names";
import type { KnownHost } from "./parse";

/** What known_hosts says about the key that a server presents. */
export type Verdict =
  | { kind: "known"; entry: KnownHost }
  | { kind: "unknown"; authorities: readonly KnownHost[] }
  | { kind: "changed"; entries: readonly KnownHost[] }
  | { kind: "revoked"; entry: KnownHost };

/** The lines about a host, by any of its names. */
export function entriesFor(host: string, all: readonly KnownHost[]): KnownHost[] {
  return all.filter(({ names }) => namesMatch(names, host));
}

/**
 * Judges as ssh does (hostfile.c, check_hostkeys_by_key_or_type): a revoked key is refused whatever else is said; one
 * equal key suffices; any other key of the host, of whatever type, means changed. `fallback` is the name without port:
 * ssh takes an equal key from there when the name with port is unknown, but takes no alarm from it.
 */
export function judge(blob: Buffer, host: string, fallback: string | undefined, all: readonly KnownHost[]): Verdict {
  const entries = entriesFor(host, all);
  const others = fallback === undefined ? [] : entriesFor(fallback, all);
  const equal = (entry: KnownHost) => entry.key.blob.equals(blob);
  const revoked = [...entries, ...others].find((entry) => entry.marker === "revoked" && equal(entry));
  if (revoked) return { kind: "revoked", entry: revoked };
  const plain = entries.filter(({ marker }) => marker === "none");
  const known = plain.find(equal);
  if (known) return { kind: "known", entry: known };
  if (plain.length > 0) return { kind: "changed", entries: plain };
  const elsewhere = others.find((entry) => entry.marker === "none" && equal(entry));
  if (elsewhere) return { kind: "known", entry: elsewhere };
  return { kind: "unknown", authorities: entries.filter(({ marker }) => marker === "cert-authority") };
}

/** The key types that are noted for a host: asked of the server first, so that it presents one of them. */
export function knownTypes(host: string, fallback: string | undefined, all: readonly KnownHost[]): string[] {
  const usable = (name: string) => entriesFor(name, all).filter(({ marker }) => marker === "none");
  const entries = usable(host);
  const chosen = entries.length > 0 || fallback === undefined ? entries : usable(fallback);
  return [...new Set(chosen.map(({ key }) => key.type))];
}
