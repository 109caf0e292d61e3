// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ssh_config writes ${VARIABLE} too
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlgorithmList } from "../../../provider/host/ssh/config/algorithms";
import { needs } from "../../support/needs";
import { compare } from "./config-compare";
import { useFolder } from "./support";
import { which } from "./which";

/** Cases that are easily read differently; config-property.test.ts has the random ones. */
const CONFIGS: [name: string, config: string][] = [
  [
    "plain",
    "Host h\n HostName 10.1.1.1\n User root\n Port 2222\n IdentityFile ~/.ssh/a\nHost *\n User x\n IdentityFile /k/%h",
  ],
  ["patterns", "Host h? !h2\n Port 5\nHost h1 h2\n User two\nHost *.lab\n HostName %h.example\n User lab"],
  ["a comma in Host is none", "Host h,h1\n Port 5\nHost h1 h2,h\n Port 6"],
  ["Host in its case, Match in any", "Host X.lab H\n Port 5\nMatch host X.LAB,H1\n Port 6"],
  [
    "match",
    "Host h\n HostName 10.1.1.1\nMatch host 10.* user root\n Port 7\nMatch originalhost h1\n User root\nMatch !host h\n User not",
  ],
  ["match with all", "Match host h all\n Port 7\nMatch user root,x all\n User me\nMatch !all\n Port 8"],
  ["match with = and quotes", 'Match host=h,h1\n Port 5\nMatch host "h2,b" originalhost = b\n Port 6'],
  ["final", "Match final host 10.2.2.2\n Port 70\nHost h\n HostName 10.2.2.2"],
  ["final compares Host with the HostName", "Host h\n HostName b\nHost b\n Port 5\n User late\nMatch final\n Port 6"],
  ["final keeps HostName", "Host h\n HostName one\nMatch final\n HostName two\nHost one\n HostName three"],
  ["canonical", "CanonicalizeHostname yes\nMatch canonical host h\n Port 5\nMatch !canonical\n User early"],
  ["canonical behind a jump", "Host h*\n ProxyJump b\n CanonicalizeHostname always\nHost b\n ProxyJump none"],
  ["jumps", "Host h\n ProxyJump a@b:9\nHost h1\n ProxyJump none\nHost * !c !b\n ProxyJump c"],
  ["jump chains", "Host h\n ProxyJump x@c,b\nHost b\n ProxyJump c\n Port 9\nHost h2\n ProxyJump ssh://u@c:99"],
  [
    "what proxies first",
    "Host h\n ProxyCommand none\nHost h1\n ProxyJump none\nHost h*\n ProxyJump b\n ProxyCommand nc",
  ],
  ["a URI is no place for an address", "ProxyJump ssh://u@[::1]:99"],
  ["a command keeps its comment", "Host h\n ProxyCommand none\nHost h1\n ProxyCommand none # really"],
  ["jump over the same address", "Host h\n HostName b\n ProxyJump b:22\nHost b\n ProxyJump none"],
  ["jump over itself", "Host h h1\n ProxyJump h"],
  ["a remark right behind a jump host", "Host h\n ProxyJump b#c\nHost h1\n ProxyJump none\nHost h2\n ProxyJump c # b"],
  ["tokens in jumps", "Host h*\n ProxyJump %r@b:22\n User u"],
  ["quotes and comments", 'Host "h" # c\n User "root" # d\n IdentityFile "/a b/c"\n UserKnownHostsFile "/x y" /z'],
  ["quotes inside words", 'Host h\n IdentityFile /a\\ b"c d"\'e\'\\"\n User ab\n UserKnownHostsFile /a#b #c'],
  ["known hosts", "Host h\n UserKnownHostsFile /a/%h ~/b\n IdentitiesOnly yes\nHost h1\n UserKnownHostsFile none"],
  ["a list with nothing in it", "UserKnownHostsFile # nothing\nUserKnownHostsFile /a"],
  ["system known hosts keep their tokens", "GlobalKnownHostsFile /a-h ~/b\nUserKnownHostsFile ~/%k-%n"],
  ["equals", 'Host=h\n  User=root\n\tPort = 99\nHost = h1\n hostname =1.2.3.4\n"Port" 5'],
  ["white space", "\t Host\th  h1 \r\n\tPort   5\t\f\r\n\r\n   # x\r\n User\tu \r\n"],
  [
    "identities",
    "IdentityFile /a\nIdentityFile none\nHost h\n IdentityFile /b\n IdentityFile /a\nCertificateFile /c-%r",
  ],
  ["only none", "IdentityFile none\nIdentityAgent none"],
  [
    "agents",
    "Host h\n IdentityAgent $OTHER\nHost h1\n IdentityAgent ${KEYS}/%n\nHost h2\n IdentityAgent SSH_AUTH_SOCK\nHost b\n IdentityAgent $NONE",
  ],
  ["HostKeyAlias", "Host h\n HostKeyAlias Seven\n Port 99\nHost *\n IdentityFile /k/%k"],
  [
    "addresses",
    "Host h\n HostName 127.1\nHost h1\n HostName FD00:0::1\nHost h2\n HostName 0x7f000001\nHost b\n HostName 1.2.3.4.5",
  ],
  [
    "addresses of another family",
    "Host h\n AddressFamily INET6\n HostName 0X7f.1\nHost h1\n AddressFamily inet\n HostName ::0001\nHost h2\n AddressFamily inet6\n HostName FD00::AB",
  ],
  [
    "times that none leaves open",
    "ConnectTimeout none\nServerAliveInterval none\nHost h*\n ConnectTimeout 1h\n ServerAliveInterval 7",
  ],
  [
    "times",
    "Host h\n ConnectTimeout 1m30s\n ServerAliveInterval 1h\nHost h1\n ConnectTimeout 0\n ServerAliveCountMax 0",
  ],
  [
    "how to log in",
    "Host h\n PreferredAuthentications password,x,publickey\nHost h1\n PubkeyAuthentication no\n TISAuthentication no\nHost h2\n NumberOfPasswordPrompts 0",
  ],
  [
    "algorithms",
    "Host h\n Ciphers -aes*-ctr\n MACs ^hmac-sha1\n KexAlgorithms +diffie-hellman-group14-sha1\nHost h1\n HostKeyAlgorithms ssh-*\n PubkeyAcceptedKeyTypes -ssh-*",
  ],
  ["unknown ones ignored", "IgnoreUnknown foo*,!foob\nFooA x\nUser u\nHost h\n fooC y"],
  ["unknown ones", "IgnoreUnknown foo*,!foob\nFooB x"],
  ["ignored only from there on", "FooA x\nIgnoreUnknown foo*"],
  ["ignored only where it applies", "Host h1\n IgnoreUnknown foo*\nHost *\n FooA x"],
];

describe("ssh_config: against ssh -G", function () {
  this.timeout(30_000);
  const folder = useFolder();

  for (const [name, config] of CONFIGS) {
    it(name, function () {
      needs(this, which("ssh"), "no ssh");
      const sshConfig = join(folder(), "config");
      writeFileSync(sshConfig, `${config}\n`, { mode: 0o600 });
      for (const host of ["h", "h1", "h2", "X.lab", "b"]) compare({ host, sshConfig }, sshConfig);
    });
  }

  const KINDS = { cipher: "cipher", mac: "mac", kex: "kex", hostKey: "HostKeyAlgorithms", publicKey: "sig" } as const;
  for (const [kind, query] of Object.entries(KINDS) as [keyof typeof KINDS, string][]) {
    it(`knows every ${kind} algorithm of the installed ssh, and nothing made up`, function () {
      needs(this, which("ssh"), "no ssh");
      const names = execFileSync("ssh", ["-Q", query], { encoding: "utf8" }).trim().split("\n");
      assert.deepEqual(
        names.filter((each) => !isAlgorithmList(kind, each)),
        [],
      );
      assert.ok(!isAlgorithmList(kind, `${names[0]},made-up`) && isAlgorithmList(kind, "-made-up"));
    });
  }
});
