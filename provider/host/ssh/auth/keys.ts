import { type ParsedKey, utils } from "ssh2";
import { AcrnError } from "../../../core/errors";
import { parsePublicKey } from "../known-hosts/keys";
import type { IdentitySource } from "../spec";
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

type ReadFile = (path: string) => string | undefined;

/** Reads one key. Undefined: a default file that is not there. */
export function loadIdentity(
  source: IdentitySource,
  passphrase: string | undefined,
  readFile: ReadFile,
): Identity | undefined {
  const name = source.file ?? "the given privateKey";
  const text = source.pem ?? readFile(source.file as string);
  const beside = source.file === undefined ? undefined : publicFile(readFile(`${source.file}.pub`));
  if (text === undefined) {
    if (beside) return { source, name, blob: beside, problem: unreadable(name) };
    return source.named ? { source, name, problem: unreadable(name) } : undefined;
  }
  const parsed = parse(text, passphrase, name);
  if (parsed instanceof AcrnError) {
    const blob = publicPart(text) ?? beside;
    return { source, name, ...(blob ? { blob } : {}), problem: parsed };
  }
  return { source, name, blob: parsed.getPublicSSH(), key: parsed };
}

/** Without the passphrase first: only so a wrong passphrase can be told from a broken file. */
function parse(text: string, passphrase: string | undefined, name: string): ParsedKey | AcrnError {
  const open = parseKey(text);
  if (!(open instanceof Error)) return open.isPrivateKey() ? open : publicOnly(name);
  if (!/no passphrase given/i.test(open.message)) return unusable(name, open.message);
  if (passphrase === undefined) return encrypted(name);
  const unlocked = parseKey(text, passphrase);
  return unlocked instanceof Error ? wrongPassphrase(name) : unlocked;
}

/** ssh2 answers with an array for OpenSSH files, which its types do not say. */
function parseKey(text: string, passphrase?: string): ParsedKey | Error {
  const parsed = utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  return Array.isArray(parsed) ? (parsed[0] ?? new Error("no key in it")) : parsed;
}

function publicFile(text: string | undefined): Buffer | undefined {
  const [type, base64] = text?.trim().split(/\s+/) ?? [];
  return type && base64 ? parsePublicKey(type, base64)?.blob : undefined;
}

function encrypted(name: string): AcrnError {
  return new AcrnError("ssh.key.encrypted", `the private key ${name} is encrypted, and there is no passphrase`, {
    hint: name.startsWith("the ")
      ? "Give `passphrase` (a secret), or add the key to an ssh-agent."
      : `Run ssh-add ${name} with an ssh-agent, or give \`passphrase\` (a secret).`,
  });
}

function wrongPassphrase(name: string): AcrnError {
  return new AcrnError("ssh.key.passphrase", `the passphrase does not open the private key ${name}`, {
    hint: `Correct \`passphrase\`, or add the key to an ssh-agent.`,
  });
}

function unusable(name: string, reason: string): AcrnError {
  return new AcrnError("ssh.key.unusable", `the private key ${name} cannot be used: ${reason}`, {
    hint: "OpenSSH and PEM (RSA, EC) keys can; ssh-keygen -p -f FILE rewrites other forms. FIDO keys work through an ssh-agent only if it signs without touch.",
  });
}

function publicOnly(name: string): AcrnError {
  return new AcrnError("ssh.key.unusable", `${name} holds only a public key`, {
    hint: "Name the private key file, or have the key in an ssh-agent.",
  });
}

function unreadable(name: string): AcrnError {
  return new AcrnError("ssh.key.unreadable", `cannot read the private key ${name}`, {
    hint: "Correct the path (privateKeyFile, or IdentityFile in ssh_config), or make the file readable for you.",
  });
}
