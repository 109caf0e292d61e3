import { accept, type Row, refuse } from "../support/row";
import { PASSPHRASE } from "../support/world";

const AUTH = "ssh.auth";

/** Key files and passphrases. */
export const KEY_FILE_ROWS: Row[] = [
  { name: "an ed25519 key", keys: ["ed25519"], expected: accept },
  { name: "an ecdsa key", keys: ["ecdsa"], expected: accept },
  { name: "an rsa key", keys: ["rsa"], expected: accept },
  { name: "an rsa key as PEM", keys: ["pem"], expected: accept },
  { name: "an ecdsa key as PKCS #8", keys: ["pkcs8"], expected: accept },
  {
    name: "a key that nobody knows",
    keys: ["stranger"],
    expected: refuse(AUTH, /tried: key .*stranger.*authorized_keys/s),
  },
  { name: "the right key after one that is refused", keys: ["stranger", "ecdsa"], expected: accept },
  { name: "no key at all", keys: ["no-such-key"], expected: refuse("ssh.key.unreadable", /no-such-key/) },
  { name: "a missing key beside the right one", keys: ["no-such-key", "ed25519"], expected: accept },
  {
    name: "a key that others may read",
    keys: ["loose"],
    expected: refuse("ssh.key.permissions", /0640.*\n.*chmod 600 .*loose/),
  },
  { name: "a key that others may read beside a good one", keys: ["loose", "ed25519"], expected: accept },
  { name: "an encrypted key and its passphrase", keys: ["encrypted"], passphrase: PASSPHRASE, expected: accept },
  {
    name: "an encrypted PEM key and its passphrase",
    keys: ["encrypted_pem"],
    passphrase: PASSPHRASE,
    expected: accept,
  },
  {
    name: "an encrypted PKCS #8 key and its passphrase",
    keys: ["encrypted_pkcs8"],
    passphrase: PASSPHRASE,
    expected: accept,
  },
  { name: "an encrypted key, nobody to ask", keys: ["encrypted"], expected: refuse("ssh.key.encrypted", /ssh-add/) },
  {
    name: "an encrypted PKCS #8 key, nobody to ask",
    keys: ["encrypted_pkcs8"],
    expected: refuse("ssh.key.encrypted", /ssh-add/),
  },
  { name: "an encrypted key, nobody to ask, beside a good one", keys: ["encrypted", "ed25519"], expected: accept },
  {
    name: "an encrypted key and a wrong passphrase",
    keys: ["encrypted"],
    passphrase: "entirely wrong",
    expected: refuse("ssh.key.passphrase", /does not open/),
  },
  {
    name: "an encrypted PKCS #8 key and a wrong passphrase",
    keys: ["encrypted_pkcs8"],
    passphrase: "entirely wrong",
    expected: refuse("ssh.key.passphrase", /does not open/),
  },
  { name: "a key file that holds no key", keys: ["authorized"], expected: refuse("ssh.key.unusable", /authorized/) },
  {
    name: "a public key as the key file",
    keys: ["ed25519.pub"],
    expected: refuse("ssh.key.unusable", /only a public key/),
  },
  { name: "a default key of the home directory", keys: null, accounts: true, expected: accept },
  {
    name: "an rsa key shorter than RequiredRSASize",
    keys: ["rsa"],
    lines: () => ["RequiredRSASize 3072"],
    expected: refuse("ssh.key.unusable", /2048 bits/),
  },
  {
    name: "PubkeyAcceptedAlgorithms without the key's",
    lines: () => ["PubkeyAcceptedAlgorithms rsa-sha2-512"],
    expected: refuse(AUTH, /PubkeyAcceptedAlgorithms/),
  },
  {
    name: "PubkeyAcceptedAlgorithms with the key's",
    keys: ["rsa"],
    lines: () => ["PubkeyAcceptedAlgorithms rsa-sha2-512"],
    expected: accept,
  },
  { name: "PubkeyAuthentication no", lines: () => ["PubkeyAuthentication no"], expected: refuse(AUTH, /login/) },
  {
    name: "PreferredAuthentications without publickey",
    lines: () => ["PreferredAuthentications password"],
    expected: refuse(AUTH, /login/),
  },
];
