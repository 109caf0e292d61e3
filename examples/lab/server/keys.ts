import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { utils } from "ssh2";

export interface KeyPair {
  private: string;
  /** `ssh-ed25519 AAAA...`, without comment. */
  public: string;
}

/** A new key. About one in 400 that ssh2 1.17 makes cannot be read again (by itself: "Malformed OpenSSH private key"); those are thrown away. */
export function ed25519(options: { comment?: string; passphrase?: string; cipher?: string; rounds?: number } = {}) {
  for (;;) {
    const made = utils.generateKeyPairSync("ed25519", options as Parameters<typeof utils.generateKeyPairSync>[1]);
    const read = [utils.parseKey(made.private, options.passphrase), utils.parseKey(made.public)];
    if (!read.some((key) => key instanceof Error)) return made;
  }
}

/** The key kept in a file (mode 600, with .pub beside it), made when it is not there. */
export function keyPair(file: string | undefined, comment: string): KeyPair {
  if (file !== undefined && existsSync(file)) {
    return { private: readFileSync(file, "utf8"), public: readFileSync(`${file}.pub`, "utf8").trim() };
  }
  const made = ed25519({ comment });
  const pair = { private: made.private, public: made.public.split(" ").slice(0, 2).join(" ") };
  if (file !== undefined) {
    writeFileSync(file, pair.private, { mode: 0o600 });
    writeFileSync(`${file}.pub`, `${pair.public}\n`);
  }
  return pair;
}

export function hostKey(file: string | undefined): KeyPair {
  return keyPair(file, "lab host");
}

/** `ssh-ed25519 AAAA...` of a private key. */
export function publicLine(privateKey: string): string {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `${key.type} ${key.getPublicSSH().toString("base64")}`;
}
