import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { utils } from "ssh2";

export interface KeyPair {
  private: string;
  /** `ssh-ed25519 AAAA...`, without comment. */
  public: string;
}

/** The key kept in a file (mode 600, with .pub beside it), made when it is not there. */
export function keyPair(file: string | undefined, comment: string): KeyPair {
  if (file !== undefined && existsSync(file)) {
    return { private: readFileSync(file, "utf8"), public: readFileSync(`${file}.pub`, "utf8").trim() };
  }
  const made = utils.generateKeyPairSync("ed25519", { comment });
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
