// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ssh_config writes ${VARIABLE} too
import assert from "node:assert/strict";
import { unknown } from "../../../provider/host/ssh/host-key-errors";
import type { ConnectionSpec, ResolvedConnection } from "../../../provider/host/ssh/spec";
import { alias, picked, resolved } from "./config-world";

describe("ssh_config", () => {
  type Row = [name: string, config: string, spec: ConnectionSpec, expected: Partial<ResolvedConnection>];
  const rows: Row[] = [
    [
      "defaults",
      "",
      { host: "cell-7" },
      { host: "cell-7", port: 22, user: "me", hostKeyName: "cell-7", configured: false },
    ],
    [
      "HostName, User, Port",
      "Host cell-7\n HostName 10.0.0.7\n User root\n Port 2222",
      alias,
      {
        host: "10.0.0.7",
        user: "root",
        port: 2222,
        hostKeyName: "[10.0.0.7]:2222",
        hostKeyFallback: "10.0.0.7",
        configured: true,
      },
    ],
    ["a host is looked up like an alias", "Host cell-7\n HostName 10.0.0.7", { host: "cell-7" }, { host: "10.0.0.7" }],
    [
      "a given host beats HostName",
      "Host cell-7\n HostName 10.0.0.7\n Port 9",
      { alias: "cell-7", host: "10.9.9.9" },
      { host: "10.9.9.9", port: 9 },
    ],
    [
      "given options beat the file",
      "Host *\n User root\n Port 2222\n ConnectTimeout 3",
      { ...alias, user: "acrn", port: 23, connectTimeout: 9 },
      { user: "acrn", port: 23, connectTimeout: 9 },
    ],
    ["the first value wins", "Host cell-7\n Port 1\nHost *\n Port 2\n User u", alias, { port: 1, user: "u" }],
    ["before any Host", "User early\nHost cell-7\n User late", alias, { user: "early" }],
    ["patterns", "Host cell-?\n User a\nHost *\n User b", alias, { user: "a", configured: true }],
    ["a negated pattern", "Host cell-* !cell-7\n User a\nHost *\n User b", alias, { user: "b", configured: false }],
    [
      "keywords in any case, with =",
      "HOST cell-7\n  hostname=10.0.0.7\n  pOrT = 77",
      alias,
      { host: "10.0.0.7", port: 77 },
    ],
    ["tabs, CRLF, comments, empty lines", "# c\r\n\r\nHost cell-7\r\n\tPort\t78\r\n\t# x\r\n", alias, { port: 78 }],
    ["a comment behind a value", "Host cell-7 # the seventh\n User root # really", alias, { user: "root" }],
    ["quotes", 'Host "cell-7"\n User "root"', alias, { user: "root" }],
    ["%h in HostName", "Host cell-7\n HostName %h.lab.example", alias, { host: "cell-7.lab.example" }],
    ["HostKeyAlias, without port", "Host cell-7\n HostKeyAlias Seven\n Port 99", alias, { hostKeyName: "seven" }],
    [
      "a name in lower case",
      "Host Cell-7\n HostName CELL.Example",
      { alias: "Cell-7" },
      { name: "Cell-7", host: "cell.example", hostKeyName: "cell.example" },
    ],
    [
      "UserKnownHostsFile",
      "UserKnownHostsFile ~/a /b/%h\nGlobalKnownHostsFile none",
      alias,
      { knownHosts: ["/home/me/a", "/b/cell-7"] },
    ],
    ["knownHosts given", "UserKnownHostsFile ~/a", { ...alias, knownHosts: "~/k" }, { knownHosts: ["/home/me/k"] }],
    [
      "default known_hosts",
      "",
      alias,
      {
        knownHosts: [
          "/home/me/.ssh/known_hosts",
          "/home/me/.ssh/known_hosts2",
          "/etc/ssh/ssh_known_hosts",
          "/etc/ssh/ssh_known_hosts2",
        ],
      },
    ],
    ["ConnectTimeout with units", "ConnectTimeout 1m30s", alias, { connectTimeout: 90 }],
    ["AddressFamily", "AddressFamily inet", alias, { family: 4 }],
    ["IdentitiesOnly", "IdentitiesOnly yes", alias, { identitiesOnly: true }],
    [
      "StrictHostKeyChecking no changes nothing",
      "StrictHostKeyChecking no\nUser root",
      alias,
      { user: "root", identitiesOnly: false },
    ],
    ["ProxyCommand none", "ProxyCommand none", alias, { host: "cell-7" }],
    ["sshConfig: false", "Host cell-7\n User root", { ...alias, sshConfig: false }, { user: "me" }],
    ["agent of the environment", "", alias, { agent: "/run/agent" }],
    ["IdentityAgent", "IdentityAgent ~/agent-%h", alias, { agent: "/home/me/agent-cell-7" }],
    ["IdentityAgent $VARIABLE", "IdentityAgent $OTHER", alias, { agent: "/run/other" }],
    ["agent given", "IdentityAgent none", { ...alias, agent: "~/a" }, { agent: "/home/me/a" }],
    ["addresses in their one form", "", { host: "::0001" }, { name: "::0001", host: "::1" }],
    ["User with tokens, as OpenSSH 10", "User %u-${OTHER}", alias, { user: "me-/run/other" }],
    [
      "RevokedHostKeys",
      "RevokedHostKeys ~/revoked /etc/r-%h",
      alias,
      { revokedHostKeys: ["/home/me/revoked", "/etc/r-cell-7"] },
    ],
    [
      "GlobalKnownHostsFile without tokens",
      "UserKnownHostsFile none\nGlobalKnownHostsFile ~/g /%h",
      alias,
      { knownHosts: ["/home/me/g", "/%h"] },
    ],
    ["RevokedHostKeys none", "RevokedHostKeys none", alias, { revokedHostKeys: [] }],
    ["CertificateFile", "CertificateFile ~/%r\nCertificateFile /b", alias, { certificateFiles: ["/home/me/me", "/b"] }],
    ["StrictHostKeyChecking off", "StrictHostKeyChecking off", alias, { strict: "no" }],
    ["CheckHostIP", "CheckHostIP yes", alias, { checkHostIp: true }],
    ["BindAddress before BindInterface", "BindInterface x\nBindAddress ::1", alias, { bindAddress: "::1" }],
    ["BindInterface, IPv4 first", "BindInterface eth0", alias, { bindAddress: "192.168.5.7" }],
    ["BindInterface, IPv6", "BindInterface eth0\nAddressFamily inet6", alias, { bindAddress: "fd00::7" }],
    ["ConnectionAttempts", "ConnectionAttempts 4", alias, { connectionAttempts: 4 }],
    [
      "ServerAlive...",
      "ServerAliveInterval 1m\nServerAliveCountMax 0",
      alias,
      { keepAlive: { interval: 60, count: 1 } },
    ],
    ["ServerAliveInterval 0 leaves ours", "ServerAliveInterval 0", alias, { keepAlive: {} }],
    ["RequiredRSASize", "RequiredRSASize 3072", alias, { requiredRsaSize: 3072 }],
    ["RequiredRSASize below what ssh reads", "RequiredRSASize 512", alias, { requiredRsaSize: 1024 }],
    ["ways to log in", "", alias, { methods: ["publickey", "keyboard-interactive", "password"] }],
    ["BatchMode forbids to ask, not to log in", "BatchMode yes", { ...alias, password: "x" }, { password: "x" }],
    ["no password", "PasswordAuthentication no\nKbdInteractiveAuthentication no", alias, { methods: ["publickey"] }],
    [
      "an order",
      "PreferredAuthentications password,hostbased,publickey",
      alias,
      { methods: ["password", "publickey"] },
    ],
    ["algorithms are ours where none are named", "", alias, { algorithms: {} }],
    [
      "lists of algorithms, without what ssh2 lacks",
      "Ciphers aes256-ctr,3des-cbc\nMACs umac-64@openssh.com,hmac-sha2-512\nHostKeyAlgorithms -ecdsa*,rsa*",
      alias,
      { algorithms: { cipher: ["aes256-ctr", "3des-cbc"], mac: ["hmac-sha2-512"], hostKey: ["ssh-ed25519"] } },
    ],
    [
      "ssh-rsa where it is asked for",
      "PubkeyAcceptedAlgorithms ssh-rsa",
      alias,
      { algorithms: { publicKey: ["ssh-rsa"] } },
    ],
    ["sshConfig: none", "Host cell-7\n User root", { ...alias, sshConfig: "none" }, { user: "me" }],
  ];
  for (const [name, config, spec, expected] of rows) {
    it(name, () => {
      const found = resolved(config, spec, { SSH_AUTH_SOCK: "/run/agent", OTHER: "/run/other" });
      assert.deepEqual(picked(found, expected), expected);
    });
  }

  for (const [strict, said] of [
    ["no", true],
    ["accept-new", true],
    ["ask", false],
    ["yes", false],
  ] as const) {
    it(`StrictHostKeyChecking ${strict}: an unknown key is refused${said ? ", and the error says that this changes nothing" : ""}`, () => {
      const error = unknown(resolved(`StrictHostKeyChecking ${strict}`), { type: "x", blob: Buffer.from("key") }, []);
      assert.equal(error.hint?.includes("StrictHostKeyChecking"), said);
    });
  }

  describe("identities", () => {
    const files = (config: string, spec: ConnectionSpec = alias) =>
      resolved(config, spec).identities.map(({ file }) => file);
    it("are the default files when none is named", () => {
      assert.deepEqual(files(""), ["/home/me/.ssh/id_ed25519", "/home/me/.ssh/id_ecdsa", "/home/me/.ssh/id_rsa"]);
    });
    it("add up over sections, expanded, each once", () => {
      const config =
        "Host cell-*\n IdentityFile ~/k/%h-%r\nHost *\n IdentityFile %d/two\n IdentityFile ~/k/%h-%r\n User root";
      assert.deepEqual(files(config), ["/home/me/k/cell-7-root", "/home/me/two"]);
    });
    it("are the given key alone", () => {
      assert.deepEqual(files("IdentityFile ~/x", { ...alias, privateKeyFile: "~/mine" }), ["/home/me/mine"]);
    });
    it("take ${VARIABLES}", () => {
      assert.deepEqual(resolved("IdentityFile ${KEYS}/a", alias, { KEYS: "/keys" }).identities[0]?.file, "/keys/a");
    });
  });
});
