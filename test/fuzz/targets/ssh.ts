import type { SshEnvironment } from "../../../provider/host/ssh/env";
import { hostKeyCheck } from "../../../provider/host/ssh/host-key";
import { matchPattern } from "../../../provider/host/ssh/pattern";
import { resolve } from "../../../provider/host/ssh/resolve";
import { bundle, unbundle } from "../bundle";
import { mutated } from "../mutate";
import { words } from "../seeds";
import type { Target } from "../target";

const HOME = "/home/me";

const KEYS = [
  "ssh-ed25519",
  Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from("ssh-ed25519"),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, 7),
  ]).toString("base64"),
];

const line = (names: string, marker = "") => `${marker}${names} ${KEYS.join(" ")} comment\n`;

const KNOWN_HOSTS = [
  line("web") + line("[web]:2222,10.0.0.1") + line("*.example.org,!bad.example.org"),
  `# comment\n\n${line("web", "@revoked ")}${line("*", "@cert-authority ")}`,
  line("|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA=") + line("web"),
  `web ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQC7\nweb ${KEYS[0]} ${KEYS[1]}\r\n`,
];

const HOST_WORDS = words(
  "@revoked @cert-authority @other |1| | web [web]:2222 [web]: *.example.org ! , ssh-ed25519 ssh-rsa AAAA ==== AAAAC3NzaC1lZDI1NTE5AAAA #",
);

const blob = Buffer.from(KEYS[1] as string, "base64");
const FILE = `${HOME}/.ssh/known_hosts`;

export const knownHosts: Target = {
  name: "known_hosts",
  runs: 22_000,
  make: (random) => mutated(random, { seeds: KNOWN_HOSTS.map((text) => Buffer.from(text)), words: HOST_WORDS }),
  run: (input) => {
    const connection = resolve({ host: "web", port: 2222, sshConfig: false, knownHosts: FILE }, environment(new Map()));
    const check = hostKeyCheck(connection, () => input.toString("utf8"));
    const error = check.verify(blob);
    if (error) throw error;
    return check.algorithms;
  },
  texts: (input) => new Map([[FILE, input.toString("utf8")]]),
  placeless: /^ssh\.host-key\.unknown$/,
  grow: {
    lines: (n) => Buffer.from(line("*a*b").repeat(n / 100)),
    stars: (n) => Buffer.from(line("*a".repeat(n / 2))),
    names: (n) => Buffer.from(line("a,".repeat(n / 2))),
    blanks: (n) => Buffer.from(" \t".repeat(n / 2)),
    padding: (n) => Buffer.from(`web ssh-ed25519 ${"A".repeat(n)}${"=".repeat(9)}`),
  },
};

const CONFIGS = [
  {
    config:
      "Host web *.example.org !bad\n  HostName 10.0.0.1\n  User root\n  Port 2222\n  IdentityFile ~/.ssh/id_%r\n  IdentitiesOnly yes\nHost *\n  ConnectTimeout 1m30s\n",
  },
  {
    config: "Include conf.d/*\nMatch host 10.* user root\n  ProxyJump me@bastion:22,[::1]:2022\n",
    "conf.d/a": "Host web\n  HostName 10.0.0.2\nInclude b\n",
    "conf.d/b": "User you\n",
  },
  {
    config:
      'Host "web" \'other one\'\n  UserKnownHostsFile "/tmp/known hosts" ~/x\n  HostKeyAlias %n\n  StrictHostKeyChecking yes\n',
  },
  {
    config:
      "Match final all\n  User late\nMatch originalhost web exec true\n  Port 1\nMatch localuser me\n  IdentityAgent $SSH_AUTH_SOCK\n",
  },
  { config: "Host bastion\n  ProxyJump web\nHost web\n  ProxyJump bastion\n" },
  {
    config:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
      "Host web\n  IdentityAgent ${HOME}/agent-%i\n  CertificateFile none\n  IdentityFile none\n  AddressFamily inet6\n  ServerAliveInterval 15\n  ServerAliveCountMax 3\n",
  },
  { config: "Include config\nInclude ~/.ssh/* /etc/ssh/*\n" },
  {
    config:
      "Host=web\nPort = 22 # note\n\tProxyCommand nc %h %p\nGlobalKnownHostsFile /dev/null\nPreferredAuthentications publickey,password\n",
  },
];

const CONFIG_WORDS = words(
  "Host Match Include HostName User Port IdentityFile IdentitiesOnly IdentityAgent ProxyJump ProxyCommand UserKnownHostsFile GlobalKnownHostsFile " +
    "HostKeyAlias StrictHostKeyChecking ConnectTimeout ConnectionAttempts ServerAliveInterval AddressFamily CertificateFile HashKnownHosts Tag " +
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
    "all final canonical exec host originalhost user localuser web * ? ! none yes no %h %n %p %r %u %d %i %l %L %k %% %z ${HOME} ${constructor} " +
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
    '${__proto__} $constructor $toString ~/ ~ "  = , [::1]:22 me@ ssh:// 1m30s 11111111111111111111111111111111111111x config conf.d/*',
);

export const sshConfig: Target = {
  name: "ssh_config",
  runs: 22_000,
  make: (random) =>
    mutated(random, { seeds: CONFIGS.map((files) => bundle(files as Record<string, string>)), words: CONFIG_WORDS }),
  run: (input) => {
    const env = environment(texts(input));
    return resolve({ host: "web" }, env);
  },
  texts,
  placeless: /^ssh\.(spec|config\.loop)$/,
  grow: {
    lines: (n) => bundle({ config: "IdentityFile ~/.ssh/id\n".repeat(n / 24) }),
    "identity files": (n) =>
      bundle({ config: Array.from({ length: n / 20 }, (_, at) => `IdentityFile ~/${at}\n`).join("") }),
    patterns: (n) => bundle({ config: `Host ${"*b ".repeat(n / 3)}\n` }),
    stars: (n) => bundle({ config: `Host ${"*w*e".repeat(n / 4)}\n` }),
    "a number": (n) => bundle({ config: `ConnectTimeout ${"1".repeat(n)}x\n` }),
    quotes: (n) => bundle({ config: `User ${'"'.repeat(n)}\n` }),
    blanks: (n) => bundle({ config: `User${" ".repeat(n)}x y\n` }),
    jumps: (n) => bundle({ config: `ProxyJump ${"a@".repeat(n / 2)}\n` }),
  },
};

/** Files that the input does not name are not there. */
function texts(input: Buffer): Map<string, string> {
  return new Map(
    [...unbundle(input)].map(([path, bytes]) => [
      path.startsWith("/") ? path : `${HOME}/.ssh/${path}`,
      bytes.toString("utf8"),
    ]),
  );
}

function environment(files: ReadonlyMap<string, string>): SshEnvironment {
  return {
    home: HOME,
    user: "me",
    uid: "1000",
    hostname: "desk.example.org",
    // With a prototype, as process.env has one: ${constructor} must not be found.
    variables: { HOME, SSH_AUTH_SOCK: "/run/agent" },
    readFile: (path) => files.get(path),
    glob: (pattern) => [...files.keys()].filter((path) => matchPattern(path, pattern)).sort(),
  };
}
