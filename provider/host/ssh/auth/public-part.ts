import { keyType, parsePublicKey } from "../known-hosts/keys";

const MAGIC = "openssh-key-v1\0";

/**
 * The public half of a key file that cannot be opened: OpenSSH keeps it in clear beside the encrypted half (PROTOCOL.key
 * of OpenSSH), and a public key file is nothing else. So an encrypted key is recognised in the agent.
 */
export function publicPart(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(text)?.[1];
  if (body !== undefined) return fromContainer(Buffer.from(body.replace(/\s+/g, ""), "base64"));
  const [type, base64] = text.trim().split(/\s+/);
  return type && base64 ? parsePublicKey(type, base64)?.blob : undefined;
}

/** magic, cipher, kdf, kdf options, number of keys, then the first public key as one string. */
function fromContainer(bytes: Buffer): Buffer | undefined {
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  let at = MAGIC.length;
  for (let skipped = 0; skipped < 3; skipped++) {
    if (at + 4 > bytes.length) return undefined;
    at += 4 + bytes.readUInt32BE(at);
  }
  at += 4;
  if (at + 4 > bytes.length) return undefined;
  const length = bytes.readUInt32BE(at);
  const blob = bytes.subarray(at + 4, at + 4 + length);
  return blob.length === length && keyType(blob) !== undefined ? blob : undefined;
}
