import { accept, type Row, refuse, status, stricter } from "../support/row";

const AUTH = "ssh.auth";

/** What the server asks for, allows and forbids: sshd_config(5), and the options of authorized_keys in sshd(8). */
export const SERVER_ROWS: Row[] = [
  {
    name: "MaxAuthTries 2, the third key is right",
    door: "tries2",
    keys: ["stranger", "stranger1", "ed25519"],
    expected: refuse(AUTH, /[Tt]oo many/),
  },
  { name: "MaxAuthTries 2, the second key is right", door: "tries2", keys: ["stranger", "ed25519"], expected: accept },
  { name: "two keys in a row", door: "twoKeys", keys: ["ed25519", "rsa"], expected: accept },
  { name: "two keys in a row from the agent", door: "twoKeys", keys: [], agent: "two", expected: accept },
  {
    name: "two keys in a row, one at hand",
    door: "twoKeys",
    keys: ["ed25519"],
    expected: refuse(AUTH, /accepted, but more is asked for/),
  },
  { name: "ForceCommand", door: "forced", expected: status(3) },
  { name: "command= on the key", keys: ["forced"], expected: status(5) },
  { name: "restrict on the key", keys: ["restricted"], expected: accept },
  { name: "an expired key", keys: ["expired"], expected: refuse(AUTH, /refused/) },
  { name: "a key for another address", keys: ["elsewhere"], expected: refuse(AUTH, /refused/) },
  { name: "a key that the server has revoked", door: "revoked", keys: ["revoked"], expected: refuse(AUTH, /refused/) },
  { name: "AllowUsers without the user", door: "allow", expected: refuse(AUTH, /refused/) },
  { name: "DenyUsers with the user", door: "deny", expected: refuse(AUTH, /refused/) },
  { name: "a user who does not exist", user: "nobody-here", expected: refuse(AUTH, /as nobody-here/) },
  { name: "a long banner with escapes", door: "banner", expected: accept },
  {
    name: "a banner longer than any packet has to be",
    door: "longBanner",
    expected: stricter("ssh2 takes packets up to RFC 4253's 35000 bytes", "ssh.handshake", /Banner/),
  },
  { name: "no session is opened", door: "noSession", expected: refuse("ssh.session", /MaxSessions/) },
  { name: "keys are renewed often", door: "rekey", expected: accept },
  { name: "BindAddress", lines: () => ["BindAddress 127.0.0.1"], expected: accept },
  {
    name: "BindAddress by name",
    lines: () => ["BindAddress localhost"],
    expected: stricter(
      "Node's sockets are bound to addresses",
      "ssh.config.unsupported",
      /BindAddress localhost is a name/,
    ),
  },
  { name: "Compression yes", lines: () => ["Compression yes"], expected: accept },
  { name: "no place for new connections", door: "full", expected: refuse("ssh.handshake", /MaxStartups/) },
  { name: "nothing listens", door: "closed", expected: refuse("ssh.connect.refused", /start sshd/) },
  {
    name: "a name that nobody knows",
    lines: () => ["HostName no-such-host.invalid"],
    expected: refuse("ssh.dns", /not known/),
  },
  { name: "only an old key exchange", door: "oldKex", expected: refuse("ssh.handshake", /key exchange/) },
  { name: "only an old cipher", door: "oldCipher", expected: refuse("ssh.handshake", /cipher/) },
  {
    name: "only SHA-1 for the host key",
    door: "oldHostKey",
    known: ({ world }, name) => `${name} ${world.publicKey("host_rsa")}\n`,
    expected: refuse("ssh.handshake", /host key/),
  },
  { name: "only SHA-1 for an rsa key of the user", door: "sha1", keys: ["rsa"], expected: refuse(AUTH, /refused/) },
  { name: "KexAlgorithms", lines: () => ["KexAlgorithms ecdh-sha2-nistp256"], expected: accept },
  {
    name: "KexAlgorithms that the server does not have",
    lines: () => ["KexAlgorithms ecdh-sha2-nistp256"],
    door: "oldKex",
    expected: refuse("ssh.handshake", /key exchange/),
  },
  { name: "Ciphers", lines: () => ["Ciphers aes256-gcm@openssh.com"], expected: accept },
  {
    name: "MACs and a cipher that needs one",
    lines: () => ["Ciphers aes128-ctr", "MACs hmac-sha2-256"],
    expected: accept,
  },
];
