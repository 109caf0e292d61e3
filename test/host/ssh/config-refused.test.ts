// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ssh_config writes ${VARIABLE} too
import assert from "node:assert/strict";
import fc from "fast-check";
import { AcrnError } from "../../../provider/core/errors";
import type { ConnectionSpec } from "../../../provider/host/ssh/spec";
import { alias, CONFIG, resolved } from "./config-world";

const SYNTAX = "ssh.config.syntax";
const UNSUPPORTED = "ssh.config.unsupported";

describe("ssh_config: refused plainly", () => {
  type Row = [name: string, config: string, code: string, place: string | undefined, spec?: ConnectionSpec];
  const rows: Row[] = [
    ["no machine", "", "ssh.spec", undefined, {}],
    ["a port out of range", "", "ssh.spec", undefined, { ...alias, port: 70_000 }],
    ["a host key that is none", "", "ssh.spec", undefined, { ...alias, hostKey: "ssh-ed25519 nonsense" }],
    ["a host name with shell in it", "", "ssh.spec", undefined, { host: "a;b" }],
    ["a host name with a line break", "", "ssh.spec", undefined, { host: "a\nb" }],
    ["a jump that is none", "", "ssh.spec", undefined, { ...alias, jump: "a b:c" }],
    ["a file that is not there", "", "ssh.config.unreadable", undefined, { ...alias, sshConfig: "/no/such" }],
    [
      "two that jump over each other",
      "Host cell-7\n ProxyJump b\nHost b\n ProxyJump cell-7",
      "ssh.config.loop",
      undefined,
    ],
    ["a machine that jumps over itself", "Host cell-7\n ProxyJump me@cell-7:22", "ssh.config.loop", undefined],

    ["an open quote", 'Host cell-7\n\nUser "root', SYNTAX, "3:6"],
    ["a keyword without value", "Host cell-7\nUser\nPort 9", SYNTAX, "2:1"],
    ["a keyword with = and no value", "User =", SYNTAX, "1:1"],
    ["a keyword with only a comment", "User # me", SYNTAX, "1:1"],
    ["an unknown keyword, also where nothing applies", "Host other\n Usr root", SYNTAX, "2:2"],
    ["a BOM", "\uFEFFUser root", SYNTAX, "1:1"],
    ["extra arguments", "Port 22 23", SYNTAX, "1:9"],
    ["an empty argument", 'User ""', SYNTAX, "1:6"],
    ["a port that is none", "Port many", SYNTAX, "1:6"],
    ["port 0", "Port 0", SYNTAX, "1:6"],
    ["a flag that is none", "IdentitiesOnly maybe", SYNTAX, "1:16"],
    ["a time that is none", "ConnectTimeout 5y", SYNTAX, "1:16"],
    ["no attempt", "ConnectionAttempts 0", SYNTAX, "1:20"],
    ["StrictHostKeyChecking sometimes", "StrictHostKeyChecking sometimes", SYNTAX, "1:23"],
    ["a cipher that nobody knows", "Ciphers aes128-ctr,aes129-ctr", SYNTAX, "1:9"],
    ["a jump host that is none", "ProxyJump a:b:c", SYNTAX, "1:11"],
    ["jump hosts without comma", "ProxyJump a b", SYNTAX, "1:13"],
    ["a blank between jump hosts, behind which ssh 9.2 sees none", "ProxyJump a ,b", SYNTAX, "1:13"],
    ["a jump host that is a remark", "ProxyJump #a", SYNTAX, "1:1"],
    ["none with a remark", "ProxyJump none # b", SYNTAX, "1:16"],
    ["none with a remark right behind it", "ProxyJump none#b", SYNTAX, "1:11"],
    ["a jump host in quotes", 'ProxyJump "a"', SYNTAX, "1:11"],
    ["none among files", "UserKnownHostsFile /a none", SYNTAX, "1:23"],
    ["Match without criteria", "Match # all", SYNTAX, "1:1"],
    ["Match with an unknown criterion", "Match hots x", SYNTAX, "1:7"],
    ["Match without patterns", "Match host", SYNTAX, "1:7"],
    ["Match all with more behind it", "Match all host x", SYNTAX, "1:7"],
    ["Match localnetwork of nonsense", "Match localnetwork 10.0.0.0/33", SYNTAX, "1:7"],

    ["ProxyCommand", "Host cell-7\n ProxyCommand nc %h %p", UNSUPPORTED, "2:15"],
    ["ProxyCommand before ProxyJump", "ProxyCommand nc %h %p\nProxyJump b", UNSUPPORTED, "1:14"],
    ["KnownHostsCommand", "KnownHostsCommand /bin/keys %H", UNSUPPORTED, "1:19"],
    ["Match exec", "User x\nMatch host cell-7 exec true\n User m", UNSUPPORTED, "2:19"],
    ["Match version", "Match version *10*\n User m", UNSUPPORTED, "1:7"],
    ["a token of another place", "IdentityFile ~/%C", UNSUPPORTED, "1:14"],
    ["a token in HostName", "HostName %n.lab", UNSUPPORTED, "1:10"],
    ["an unset variable", "IdentityFile ${NO_SUCH}/k", UNSUPPORTED, "1:14"],
    ["another user's home", "IdentityFile ~other/k", UNSUPPORTED, "1:14"],
    ["no way to log in", "PreferredAuthentications gssapi-with-mic", UNSUPPORTED, "1:26"],
    ["keys forbidden, passwords too", "PubkeyAuthentication no\nNumberOfPasswordPrompts 0", UNSUPPORTED, "1:22"],
    ["only algorithms that ssh2 lacks", "KexAlgorithms sntrup761x25519-sha512", UNSUPPORTED, "1:15"],
    ["an address to connect from that is a name", "BindAddress localhost", UNSUPPORTED, "1:13"],
    ["an interface that is not there", "BindInterface eth9", UNSUPPORTED, "1:15"],
    ["CanonicalizeHostname with domains", "CanonicalDomains a b\nCanonicalizeHostname yes", UNSUPPORTED, "2:22"],
    [
      "CanonicalizeHostname that must find",
      "CanonicalizeHostname yes\nCanonicalizeFallbackLocal no",
      UNSUPPORTED,
      "1:22",
    ],
    ["CanonicalizePermittedCNAMEs", "CanonicalizeHostname yes\nCanonicalizePermittedCNAMEs *:*", UNSUPPORTED, "1:22"],
    [
      "CanonicalizeHostname behind a jump",
      "ProxyJump b\nCanonicalDomains a\nCanonicalizeHostname always",
      UNSUPPORTED,
      "3:22",
    ],
    ["RefuseConnection", "Host cell-?\n RefuseConnection not this one", SYNTAX, "2:23"],
    ["RefuseConnection with its word", 'Host cell-?\n RefuseConnection "not this one"', "ssh.config.refused", "2:19"],
  ];
  for (const [name, config, code, place, spec] of rows) {
    it(name, () => {
      assert.throws(
        () => resolved(config, spec),
        (error: unknown) => {
          assert.ok(error instanceof AcrnError && error.hint, String(error));
          const { file, line, column, excerpt } = error.where ?? {};
          assert.deepEqual([error.code, file && `${line}:${column}`], [code, place], error.message);
          assert.ok(file === undefined || (file === CONFIG && excerpt), error.message);
          return true;
        },
      );
    });
  }

  const fine: [name: string, config: string, spec?: ConnectionSpec][] = [
    ["IgnoreUnknown further up", "IgnoreUnknown foo*,bar\nFooBar x\nBar y z"],
    ["a keyword of OpenSSH 10", "ObscureKeystrokeTiming no\nChannelTimeout session=5m\nWarnWeakCrypto no"],
    ["keywords of Debian's, Fedora's and Apple's ssh", "GSSAPIKeyExchange no\nGSSAPIKexAlgorithms x\nUseKeychain yes"],
    ["ProxyCommand where a jump is given", "Host cell-7\n ProxyCommand nc %h %p", { ...alias, jump: "none" }],
    ["ProxyCommand behind ProxyJump none", "ProxyJump none\nProxyCommand nc %h %p"],
    [
      "KnownHostsCommand where a host key is given",
      "KnownHostsCommand x",
      { ...alias, hostKey: `SHA256:${"a".repeat(43)}` },
    ],
    ["CanonicalizeHostname of an address", "CanonicalDomains a\nCanonicalizeHostname yes", { host: "10.0.0.7" }],
    ["CanonicalizeHostname of a long name", "CanonicalDomains a\nCanonicalizeHostname yes", { host: "a.b.c" }],
    [
      "CanonicalizeHostname yes behind a jump",
      "Host b\n ProxyJump none\nHost cell-7\n ProxyJump b\n CanonicalDomains a\n CanonicalizeHostname yes",
    ],
    ["RefuseConnection for another", "Host other\n RefuseConnection no"],
  ];
  for (const [name, config, spec] of fine) it(`not: ${name}`, () => assert.ok(resolved(config, spec)));

  it("any text gives an answer or an AcrnError", () => {
    const words = [
      "Host",
      "Match",
      "Include",
      "ProxyJump",
      "Port",
      "User",
      "IdentityFile",
      "HostName",
      "cell-7",
      "*",
      "!",
    ];
    const signs = [
      '"',
      "'",
      "\\",
      "=",
      "%h",
      "%",
      "${X}",
      "all",
      "final",
      "exec",
      "#",
      "\n",
      "\n",
      "\r",
      " ",
      "none",
      ",",
    ];
    const word = fc.oneof(fc.constantFrom(...words, ...signs, "__proto__", "constructor"), fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        try {
          resolved(words.join(" "));
        } catch (error) {
          if (!(error instanceof AcrnError)) throw error;
          if (error.code.startsWith("ssh.config.") && error.code !== "ssh.config.loop")
            assert.ok(error.where?.column, error.message);
        }
        assert.equal(Object.keys(Object.prototype).length, 0);
      }),
      { numRuns: 3_000 },
    );
  });
});
