// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ssh_config writes ${VARIABLE} too
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { AcrnError } from "../../../provider/core/errors";
import { type SshEnvironment, systemEnvironment } from "../../../provider/host/ssh/env";
import { matchPattern } from "../../../provider/host/ssh/pattern";
import { resolve } from "../../../provider/host/ssh/resolve";
import { type ConnectionSpec, label, type ResolvedConnection } from "../../../provider/host/ssh/spec";
import { needs } from "../../support/needs";
import { useFolder } from "./support";
import { which } from "./which";

/** An environment made of a few files. */
function world(files: Record<string, string>, variables: Record<string, string> = {}): SshEnvironment {
  return {
    home: "/home/me",
    user: "me",
    uid: "1000",
    hostname: "laptop.lan",
    variables,
    readFile: (path) => files[path],
    glob: (pattern) => Object.keys(files).filter((path) => matchPattern(path, pattern)),
  };
}

const CONFIG = "/home/me/.ssh/config";
const resolved = (config: string, spec: ConnectionSpec = { alias: "cell-7" }, variables?: Record<string, string>) =>
  resolve(spec, world({ [CONFIG]: config }, variables));

describe("ssh_config", () => {
  type Row = [name: string, config: string, spec: ConnectionSpec, expected: Partial<ResolvedConnection>];
  const alias = { alias: "cell-7" };
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
      "the name in lower case for known_hosts only",
      "Host Cell-7\n HostName CELL.Example",
      { alias: "Cell-7" },
      { host: "CELL.Example", hostKeyName: "cell.example" },
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
    ["Match all", "Host x\nMatch all\n User m", alias, { user: "m" }],
    ["Match host, on the HostName", "Host cell-7\n HostName 10.0.0.7\nMatch host 10.*\n User m", alias, { user: "m" }],
    ["Match originalhost", "Match originalhost cell-7,x\n User m", alias, { user: "m" }],
    ["Match user, negated", "Match !user root\n Port 5", { ...alias, user: "root" }, { port: 22 }],
    ["Match localuser", "Match localuser me host cell-*\n Port 5", alias, { port: 5 }],
    ["Match final", "Match final host 10.0.0.7\n User late\nHost cell-7\n HostName 10.0.0.7", alias, { user: "late" }],
    ["Match exec after a criterion that fails", "Match host other exec false\n User x", alias, { user: "me" }],
    ["Include", "Include extra\nHost *\n Port 2", alias, { port: 2 }],
    ["ProxyCommand none", "ProxyCommand none", alias, { host: "cell-7" }],
    ["sshConfig: false", "Host cell-7\n User root", { ...alias, sshConfig: false }, { user: "me" }],
    ["agent of the environment", "", alias, { agent: "/run/agent" }],
    ["IdentityAgent", "IdentityAgent ~/agent-%h", alias, { agent: "/home/me/agent-cell-7" }],
    ["IdentityAgent $VARIABLE", "IdentityAgent $OTHER", alias, { agent: "/run/other" }],
    ["agent given", "IdentityAgent none", { ...alias, agent: "~/a" }, { agent: "/home/me/a" }],
  ];
  for (const [name, config, spec, expected] of rows) {
    it(name, () => {
      const all = resolved(config, spec, { SSH_AUTH_SOCK: "/run/agent", OTHER: "/run/other" });
      const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, all[key as keyof ResolvedConnection]]));
      assert.deepEqual(seen, expected);
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

  describe("Include", () => {
    it("reads files in order, relative to ~/.ssh, and counts only inside its section", () => {
      const env = world({
        [CONFIG]: "Host other\n Include conf.d/*\nHost cell-7\n Include conf.d/*\n Port 9\n",
        "/home/me/.ssh/conf.d/a": "User a\nHost nobody\n Port 1\n",
        "/home/me/.ssh/conf.d/b": "User b\nPort 8\n",
      });
      const { user, port } = resolve(alias, env);
      assert.deepEqual({ user, port }, { user: "a", port: 8 });
    });
    it("ends when files include each other", () => {
      const env = world({ [CONFIG]: "Include config\n" });
      assert.throws(() => resolve(alias, env), { code: "ssh.config.syntax" });
    });
  });

  describe("jump", () => {
    const rows: [name: string, config: string, spec: ConnectionSpec, label: string][] = [
      ["ProxyJump", "Host cell-7\n ProxyJump bastion", alias, "ssh://me@cell-7:22 (via bastion)"],
      ["with user and port", "Host cell-7\n ProxyJump a@bastion:99", alias, "ssh://me@cell-7:22 (via bastion)"],
      [
        "a chain, nearest last",
        "Host cell-7\n ProxyJump first,second",
        alias,
        "ssh://me@cell-7:22 (via first, second)",
      ],
      [
        "the jump host's own",
        "Host cell-7\n ProxyJump b\nHost b\n ProxyJump a",
        alias,
        "ssh://me@cell-7:22 (via a, b)",
      ],
      ["none", "Host cell-7\n ProxyJump none\nHost *\n ProxyJump b", alias, "ssh://me@cell-7:22"],
      ["given none", "Host *\n ProxyJump b", { ...alias, jump: "none" }, "ssh://me@cell-7:22"],
      [
        "given",
        "Host *\n ProxyCommand nc %h %p",
        { ...alias, jump: { host: "j", jump: "none" } },
        "ssh://me@cell-7:22 (via j)",
      ],
      ["an address in brackets", "", { ...alias, jump: "root@[fd00::1]:2222" }, "ssh://me@cell-7:22 (via fd00::1)"],
      ["as a URI", "", { ...alias, jump: "ssh://root@j:2222" }, "ssh://me@cell-7:22 (via j)"],
    ];
    for (const [name, config, spec, expected] of rows) {
      it(name, () => assert.equal(label(resolved(config, spec)), expected));
    }

    it("is looked up in ssh_config itself", () => {
      const { jump } = resolved(
        "Host cell-7\n ProxyJump a@b:99\nHost b\n HostName 10.0.0.1\n Port 5\n IdentityFile /k",
      );
      assert.deepEqual([jump?.host, jump?.port, jump?.user, jump?.identities[0]?.file], ["10.0.0.1", 99, "a", "/k"]);
    });

    it("never gets the target's keys and passwords", () => {
      const secrets = { password: "p1", passphrase: "p2", privateKey: "p3", hostKey: "SHA256:".padEnd(50, "a") };
      const { jump } = resolved("", { ...alias, ...secrets, jump: "b" });
      assert.doesNotMatch(JSON.stringify(jump), /p1|p2|p3|aaaa/);
    });
  });

  describe("refused plainly", () => {
    const rows: [name: string, config: string, spec: ConnectionSpec, code: string, place: string | undefined][] = [
      ["no machine", "", {}, "ssh.spec", undefined],
      ["ProxyCommand", "Host cell-7\n ProxyCommand nc %h %p", alias, "ssh.config.unsupported", `${CONFIG}:2:1`],
      ["Match exec", "User x\nMatch host cell-7 exec true\n User m", alias, "ssh.config.unsupported", `${CONFIG}:2:1`],
      [
        "two that jump over each other",
        "Host cell-7\n ProxyJump b\nHost b\n ProxyJump cell-7",
        alias,
        "ssh.config.loop",
        undefined,
      ],
      ["an unknown token", "IdentityFile ~/%C", alias, "ssh.config.unsupported", `${CONFIG}:1:1`],
      ["an unset variable", "IdentityFile ${NO_SUCH}/k", alias, "ssh.config.unsupported", `${CONFIG}:1:1`],
      ["an open quote", 'Host cell-7\n\nUser "root', alias, "ssh.config.syntax", `${CONFIG}:3:1`],
      ["a keyword without value", "Host cell-7\nUser\nPort 9", alias, "ssh.config.syntax", `${CONFIG}:2:1`],
      ["a port that is none", "Port many", alias, "ssh.config.syntax", `${CONFIG}:1:1`],
      ["a port out of range", "", { ...alias, port: 70_000 }, "ssh.spec", undefined],
      ["a file that is not there", "", { ...alias, sshConfig: "/no/such" }, "ssh.config.unreadable", undefined],
      ["a host key that is none", "", { ...alias, hostKey: "ssh-ed25519 nonsense" }, "ssh.spec", undefined],
      ["a host name with shell in it", "", { host: "a;b" }, "ssh.spec", undefined],
      ["a host name with a line break", "", { host: "a\nb" }, "ssh.spec", undefined],
      ["a jump that is none", "", { ...alias, jump: "a b:c" }, "ssh.spec", undefined],
    ];
    for (const [name, config, spec, code, place] of rows) {
      it(name, () => {
        assert.throws(
          () => resolved(config, spec),
          (error: unknown) => {
            assert.ok(error instanceof AcrnError && error.hint);
            const { file, line, column } = error.where ?? {};
            assert.deepEqual([error.code, file && `${file}:${line}:${column}`], [code, place]);
            return true;
          },
        );
      });
    }
  });

  it("any text gives an answer or an AcrnError", () => {
    const word = fc.oneof(
      fc.constantFrom(
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
        '"',
        "\\",
        "=",
        "%h",
        "%",
        "${X}",
        "all",
        "final",
        "exec",
        "__proto__",
        "constructor",
        "#",
        "\n",
        "\n",
        " ",
        "none",
        ",",
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        try {
          resolved(words.join(" "));
        } catch (error) {
          if (!(error instanceof AcrnError)) throw error;
        }
        assert.equal(Object.keys(Object.prototype).length, 0);
      }),
      { numRuns: 3_000 },
    );
  });

  describe("against ssh -G", () => {
    const folder = useFolder();
    const configs: [string, string][] = [
      [
        "plain",
        "Host h\n HostName 10.1.1.1\n User root\n Port 2222\n IdentityFile ~/.ssh/a\nHost *\n User x\n IdentityFile /k/%h\n",
      ],
      ["patterns", "Host h? !h2\n Port 5\nHost h1 h2\n User two\nHost *.lab\n HostName %h.example\n User lab\n"],
      [
        "match",
        "Host h\n HostName 10.1.1.1\nMatch host 10.* user root\n Port 7\nMatch originalhost h1\n User root\n Port 8\nMatch !host h\n User not\n",
      ],
      ["final", "Match final host 10.2.2.2\n Port 70\nHost h\n HostName 10.2.2.2\n"],
      ["jumps", "Host h\n ProxyJump a@b:9\nHost h1\n ProxyJump none\nHost * !c\n ProxyJump c\n"],
      [
        "quotes and comments",
        'Host "h" # c\n User "root" # d\n IdentityFile "/a b/c"\n UserKnownHostsFile "/x y" /z\n',
      ],
      [
        "known hosts",
        "Host h\n UserKnownHostsFile /a/%h ~/b\n IdentitiesOnly yes\nHost h1\n UserKnownHostsFile none\n",
      ],
      ["equals", "Host=h\n  User=root\n\tPort = 99\nHost = h1\n hostname =1.2.3.4\n"],
    ];
    const names = ["h", "h1", "h2", "x.lab", "b"];

    for (const [name, config] of configs) {
      it(name, function () {
        needs(this, which("ssh"), "no ssh");
        const sshConfig = join(folder(), name.replaceAll(" ", "-"));
        writeFileSync(sshConfig, config, { mode: 0o600 });
        for (const host of names) {
          const ours = resolve({ alias: host, sshConfig }, systemEnvironment());
          assert.deepEqual(summary(ours), theirs(sshConfig, host, ours), `${name}: ${host}`);
        }
      });
    }

    type Summary = Record<string, string | string[] | boolean | undefined>;
    const summary = (connection: ResolvedConnection): Summary => ({
      host: connection.host,
      port: String(connection.port),
      user: connection.user,
      files: connection.identities[0]?.named ? connection.identities.map(({ file }) => file as string) : [],
      jump:
        connection.jump && (connection.jump.jump ? `via ${connection.jump.jump.name}: ` : "") + connection.jump.name,
      only: connection.identitiesOnly,
      known: connection.knownHosts.filter((file) => !file.startsWith("/etc/")),
    });

    /** What ssh -G says, in the same words. It prints paths before `~` and tokens are expanded. */
    function theirs(file: string, host: string, ours: ResolvedConnection): Summary {
      const output = execFileSync("ssh", ["-G", "-F", file, host], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const all = (keyword: string) =>
        output.split("\n").flatMap((line) => (line.startsWith(`${keyword} `) ? line.slice(keyword.length + 1) : []));
      const expand = (path: string) => path.replace(/^~/, homedir()).replaceAll("%h", ours.host);
      const files = all("identityfile").filter((path) => !path.startsWith("~/.ssh/id_"));
      const jump = all("proxyjump")
        .find((value) => value !== "none")
        ?.replace(/^.*@|:\d+$/g, "")
        .replace(/:\d+$/, "");
      const outer = jump && ours.jump?.jump ? `via ${ours.jump.jump.name}: ` : "";
      const known = all("userknownhostsfile").join(" ");
      return {
        host: all("hostname")[0],
        port: all("port")[0],
        user: all("user")[0] ?? userInfo().username,
        files: files.map(expand),
        jump: jump && outer + jump,
        only: all("identitiesonly")[0] === "yes",
        known: known === "none" ? [] : known === "/x y /z" ? ["/x y", "/z"] : known.split(" ").map(expand),
      };
    }
  });
});
