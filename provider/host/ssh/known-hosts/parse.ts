import { type PublicKey, parsePublicKey } from "./keys";

/** One line of a known_hosts file. */
export interface KnownHost {
  file: string;
  line: number;
  marker: "none" | "revoked" | "cert-authority";
  /** Comma-separated patterns, or one hashed name (`|1|salt|hash`). */
  names: string;
  key: PublicKey;
}

/**
 * Reads a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Lines that ssh cannot read are skipped, as ssh skips
 * them: an unreadable line can only make a key unknown, never known.
 */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  const result: KnownHost[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const entry = parseLine(line);
    if (entry) result.push({ file, line: index + 1, ...entry });
  }
  return result;
}

type Entry = Omit<KnownHost, "file" | "line">;

function parseLine(line: string): Entry | undefined {
  const words = line.replace(/\r$/, "").split(/[ \t]+/);
  if (words[0] === "") words.shift();
  const first = words[0];
  if (!first || first.startsWith("#")) return undefined;
  const marker = first.startsWith("@") ? markerOf(words.shift() as string) : "none";
  const [names, type, base64] = words;
  if (!marker || !names || !type || !base64) return undefined;
  const key = parsePublicKey(type, base64);
  return key && { marker, names, key };
}

/** Another marker makes the line unreadable (hostfile.c, check_markers). */
function markerOf(word: string): KnownHost["marker"] | undefined {
  if (word === "@revoked") return "revoked";
  return word === "@cert-authority" ? "cert-authority" : undefined;
}
