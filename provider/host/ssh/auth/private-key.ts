import { createPrivateKey } from "node:crypto";
import { type ParsedKey, utils } from "ssh2";
import { AcrnError } from "../../../core/errors";
import { encrypted, publicOnly, unusable, wrongPassphrase } from "./key-errors";

/** Opens the text of a private key. Without the passphrase first: only so a wrong one can be told from a broken file. */
export function openKey(text: string, passphrase: string | undefined, name: string): ParsedKey | AcrnError {
  const plain = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text) ? fromPkcs8(text, passphrase, name) : text;
  if (plain instanceof AcrnError) return plain;
  const open = parse(plain);
  if (!(open instanceof Error)) return open.isPrivateKey() ? open : publicOnly(name);
  if (!/no passphrase given/i.test(open.message)) return unusable(name, open.message);
  if (passphrase === undefined) return encrypted(name);
  const unlocked = parse(plain, passphrase);
  return unlocked instanceof Error ? wrongPassphrase(name) : unlocked;
}

/** ssh2 answers with an array for OpenSSH files, which its types do not say. */
function parse(text: string, passphrase?: string): ParsedKey | Error {
  const parsed = utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  return Array.isArray(parsed) ? (parsed[0] ?? new Error("no key in it")) : parsed;
}

/** PKCS #8 (RFC 5958), which ssh-keygen -m PKCS8 writes and ssh2 does not read, as the older PEM forms that it reads. */
function fromPkcs8(text: string, passphrase: string | undefined, name: string): string | AcrnError {
  const locked = text.includes("-----BEGIN ENCRYPTED ");
  if (locked && passphrase === undefined) return encrypted(name);
  try {
    const key = createPrivateKey({ key: text, format: "pem", ...(locked ? { passphrase } : {}) });
    if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs1", format: "pem" }).toString();
    if (key.asymmetricKeyType === "ec") return key.export({ type: "sec1", format: "pem" }).toString();
    return unusable(name, `PKCS #8 holds a key of type ${key.asymmetricKeyType}`);
  } catch {
    return locked ? wrongPassphrase(name) : unusable(name, "broken PKCS #8");
  }
}
