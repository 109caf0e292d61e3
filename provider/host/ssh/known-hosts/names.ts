import { createHmac } from "node:crypto";
import { matchPatterns } from "../pattern";

/**
 * Whether the names of a known_hosts line mean this host (`host` or `[host]:port`). A hashed name is HMAC-SHA1 of the name
 * with its own salt, and stands alone on its line (sshd(8); hostfile.c, host_hash).
 */
export function namesMatch(names: string, host: string): boolean {
  const lower = host.toLowerCase();
  if (names.startsWith("|")) return hashedMatches(names, lower);
  return matchPatterns(lower, names.toLowerCase().split(","));
}

function hashedMatches(names: string, host: string): boolean {
  const match = /^\|1\|([A-Za-z0-9+/]+=*)\|([A-Za-z0-9+/]+=*)$/.exec(names);
  if (!match) return false;
  const salt = Buffer.from(match[1] as string, "base64");
  if (salt.length !== 20) return false;
  return createHmac("sha1", salt).update(host).digest("base64") === match[2];
}
