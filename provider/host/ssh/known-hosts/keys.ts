import { createHash } from "node:crypto";

/** A public key as it goes over the wire (RFC 4253, section 6.6): its first string is its type. */
export interface PublicKey {
  type: string;
  blob: Buffer;
}

/** Reads the base64 of a key line; undefined unless the blob says the same type (OpenSSH's sshkey_read). */
export function parsePublicKey(type: string, base64: string): PublicKey | undefined {
  // Buffer.from ignores what is no base64; sshkey_read does not.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined;
  const blob = Buffer.from(base64, "base64");
  return keyType(blob) === type ? { type, blob } : undefined;
}

/** The type that a key blob names, or undefined when it is no key. */
export function keyType(blob: Buffer): string | undefined {
  if (blob.length < 4) return undefined;
  const length = blob.readUInt32BE(0);
  if (length === 0 || length > 64 || blob.length <= 4 + length) return undefined;
  return blob.toString("latin1", 4, 4 + length);
}

/** `SHA256:...` without padding, as ssh-keygen -l prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** The algorithms that can sign with a key of this type; SHA-1 signatures (`ssh-rsa`) are left out, as in OpenSSH 8.8. */
export function algorithmsOf(type: string): readonly string[] {
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type];
}

/** The bits of an RSA key (RFC 4253, section 6.6: type, e, n as mpint); undefined for another type. */
export function rsaBits(blob: Buffer): number | undefined {
  if (keyType(blob) !== "ssh-rsa") return undefined;
  let at = 4 + "ssh-rsa".length;
  if (at + 4 > blob.length) return 0;
  at += 4 + blob.readUInt32BE(at);
  const modulus = blob.subarray(at + 4);
  const first = modulus.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first] as number) + 24;
}
