import type { ParsedKey } from "ssh2";
import { AcrnError } from "../../../core/errors";
import type { SshEnvironment } from "../env";
import { parsePublicKey, rsaBits } from "../known-hosts/keys";
import type { IdentitySource, ResolvedConnection } from "../spec";
import { exposed, tooShort, unreadable } from "./key-errors";
import { openKey } from "./private-key";
import { publicPart } from "./public-part";

/** A key that may be offered: usable by itself, or only as a name for a key that the agent holds. */
export interface Identity {
  source: IdentitySource;
  /** For messages: the file, or "the given privateKey". */
  name: string;
  /** The wire form of its public half, where it can be told. */
  blob?: Buffer;
  key?: ParsedKey;
  /** Why `key` is missing. */
  problem?: AcrnError;
}

/** What the login takes from this computer. */
export type KeyFiles = Pick<SshEnvironment, "readFile" | "owner" | "uid">;

/** Reads one key. Undefined: a default file that is not there. */
export function loadIdentity(source: IdentitySource, to: ResolvedConnection, files: KeyFiles): Identity | undefined {
  const name = source.file ?? "the given privateKey";
  const text = source.pem ?? files.readFile(source.file as string);
  const beside = source.file === undefined ? undefined : publicFile(files.readFile(`${source.file}.pub`));
  if (text === undefined) {
    if (beside) return { source, name, blob: beside, problem: unreadable(name) };
    return source.named ? { source, name, problem: unreadable(name) } : undefined;
  }
  const key = openToOthers(source.file, files) ?? openKey(text, to.passphrase, name);
  if (key instanceof AcrnError) {
    const blob = publicPart(text) ?? beside;
    return { source, name, ...(blob ? { blob } : {}), problem: key };
  }
  const blob = key.getPublicSSH();
  const bits = rsaBits(blob);
  if (bits !== undefined && bits < to.requiredRsaSize) {
    return { source, name, blob, problem: tooShort(name, bits, to.requiredRsaSize) };
  }
  return { source, name, blob, key };
}

/** ssh uses no file of the user that others may read (sshkey_perm_ok in OpenSSH's authfile.c); a public key may be read. */
function openToOthers(file: string | undefined, files: KeyFiles): AcrnError | undefined {
  const owner = file === undefined ? undefined : files.owner?.(file);
  if (!file || !owner || String(owner.uid) !== files.uid || (owner.mode & 0o077) === 0) return undefined;
  return publicFile(files.readFile(file)) ? undefined : exposed(file, owner.mode);
}

function publicFile(text: string | undefined): Buffer | undefined {
  const [type, base64] = text?.trim().split(/\s+/) ?? [];
  return type && base64 ? parsePublicKey(type, base64)?.blob : undefined;
}
