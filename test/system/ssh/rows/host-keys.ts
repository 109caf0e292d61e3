import { hashed, line, lines } from "../support/known-lines";
import { accept, ed25519Known, knownName, type Row, refuse } from "../support/row";

const UNKNOWN = "ssh.host-key.unknown";
const CHANGED = "ssh.host-key.changed";

/** What known_hosts says, and what becomes of the connection. */
export const HOST_KEY_ROWS: Row[] = [
  { name: "the ecdsa key is known", known: line("host_ecdsa"), expected: accept },
  { name: "the rsa key is known", known: line("host_rsa"), expected: accept },
  { name: "three keys of the host are known", known: line("host_rsa", "host_ecdsa", "host_ed25519"), expected: accept },
  {
    name: "an outdated key beside the right one of its type",
    known: line("host_other", "host_ed25519"),
    expected: accept,
  },
  {
    name: "an outdated ed25519 key beside the right ecdsa one",
    known: line("host_other", "host_ecdsa"),
    expected: refuse(CHANGED, /the host key changed.*ssh-keygen -R/s),
  },
  { name: "a hashed name", known: hashed(line("host_ed25519")), expected: accept },
  { name: "two hashed names", known: hashed(lines("other {host_other}", "NAME {host_ecdsa}")), expected: accept },
  {
    name: "a hashed name with another key",
    known: hashed(line("host_other")),
    expected: refuse(CHANGED, /known_hosts\.\d+:1:1: .*changed/),
  },
  { name: "noted without port", known: lines("127.0.0.1 {host_ed25519}"), expected: accept },
  { name: "hashed and noted without port", known: hashed(lines("127.0.0.1 {host_ed25519}")), expected: accept },
  {
    name: "another key noted without port",
    known: lines("127.0.0.1 {host_other}"),
    expected: refuse(UNKNOWN, /unknown host key .*\n.*echo '/),
  },
  { name: "a pattern", known: lines("[127.0.0.*]:* {host_ed25519}"), expected: accept },
  { name: "several names on a line", known: lines("cell-7,NAME,10.0.0.1 {host_ed25519}"), expected: accept },
  {
    name: "a pattern with an exception",
    known: lines("[127.*]:*,!NAME {host_ed25519}"),
    expected: refuse(UNKNOWN, /unknown/),
  },
  {
    name: "comments, CRLF, tabs and noise around the line",
    known: lines("# NAME {host_other}", "", "nonsense", "\tNAME\t{host_ed25519} comment here\r"),
    expected: accept,
  },
  { name: "an unknown marker", known: lines("@trusted NAME {host_ed25519}"), expected: refuse(UNKNOWN, /unknown/) },
  { name: "an unknown host", known: () => "", expected: refuse(UNKNOWN, /Compare the fingerprint.*then run: echo/s) },
  { name: "no known_hosts file", known: null, expected: refuse(UNKNOWN, /then run: echo/) },
  { name: "a changed key", known: line("host_other"), expected: refuse(CHANGED, /Somebody may stand between/) },
  {
    name: "UserKnownHostsFile none",
    lines: () => ["UserKnownHostsFile none"],
    expected: refuse(UNKNOWN, /then pin it\nor set hostKey/),
  },
  {
    name: "UserKnownHostsFile /dev/null",
    lines: () => ["UserKnownHostsFile /dev/null"],
    expected: refuse(UNKNOWN, /then pin it\nor set hostKey/),
  },
  {
    name: "the right key in the second file",
    known: line("host_ed25519"),
    lines: ({ world }) => [
      `UserKnownHostsFile ${world.write("other known", "cell-7 nonsense\n").replace(" ", "\\ ")} ${world.file("second_known")}`,
    ],
    before: (stage) => {
      const port = stage.servers.port("plain");
      stage.world.write("second_known", ed25519Known(stage, knownName(port)));
      return [];
    },
    expected: accept,
  },
  {
    name: "the right key in the global file only",
    known: () => "",
    lines: (stage) => [
      `GlobalKnownHostsFile ${stage.world.write("global", ed25519Known(stage, knownName(stage.servers.port("plain"))))}`,
    ],
    expected: accept,
  },
  {
    name: "the key is revoked",
    known: lines("NAME {host_ed25519}", "@revoked * {host_ed25519}"),
    expected: refuse("ssh.host-key.revoked", /:2:1: .*revoked/),
  },
  {
    name: "the key is revoked for this name",
    known: lines("@revoked NAME {host_ed25519}"),
    expected: refuse("ssh.host-key.revoked", /revoked/),
  },
  {
    name: "the key is revoked for another name",
    known: lines("NAME {host_ed25519}", "@revoked cell-7 {host_ed25519}"),
    expected: accept,
  },
  { name: "another key is revoked", known: lines("NAME {host_ed25519}", "@revoked * {host_other}"), expected: accept },
  {
    name: "the key is revoked under a hashed name",
    known: (stage, name) =>
      `${hashed(line("host_ed25519"))(stage, name)}@revoked ${hashed(line("host_ed25519"))(stage, name)}`,
    expected: refuse("ssh.host-key.revoked", /revoked/),
  },
  {
    name: "RevokedHostKeys names the key",
    lines: ({ world }) => [`RevokedHostKeys ${world.file("host_ed25519.pub")}`],
    expected: refuse("ssh.host-key.revoked", /RevokedHostKeys|revoked/),
  },
  {
    name: "RevokedHostKeys names another key",
    lines: ({ world }) => [`RevokedHostKeys ${world.file("host_other.pub")}`],
    expected: accept,
  },
  {
    name: "RevokedHostKeys names a file that is not there",
    lines: ({ world }) => [`RevokedHostKeys ${world.file("no-such-file")}`],
    expected: refuse("ssh.host-key.unchecked", /cannot be read/),
  },
  {
    name: "RevokedHostKeys names a file with a line that is no key",
    lines: ({ world }) => [
      `RevokedHostKeys ${world.write("revoked.broken", `${world.publicKey("host_other")}\nand others\n`)}`,
    ],
    expected: refuse("ssh.host-key.unchecked", /cannot be read in line 2/),
  },
];
