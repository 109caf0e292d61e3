// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ssh_config writes ${VARIABLE} too
import fc from "fast-check";

/** A legal ssh_config: what it says, over and over in different spellings. Files that it includes stand beside it. */
export interface RandomConfig {
  main: string;
  included: readonly string[];
}

const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const FLAGS = pick("yes", "no", "true", "False", "YES");
const PATHS = pick("~/.ssh/a", "/k/%h-%r", "%d/x", "/q r/s", "none", "${KEYS}/k", "/k/%n.%p.%u.%i.%L.%l.%k", "/a%%b");
const NAMES = ["h", "h1", "H2", "web.lab", "10.0.0.7"];

/** Keywords, and one argument or several; what we refuse and ssh does not is left out, but for ProxyCommand and no login. */
const VALUES: Record<string, fc.Arbitrary<string | string[]>> = {
  HostName: pick("10.1.1.1", "%h.example", "UPPER.example", "::0001", "h1", "127.1", "fd00::AB", "0x7f.1"),
  User: pick("root", "a", "B"),
  Port: pick("22", "2222", "1", "65535"),
  IdentityFile: PATHS,
  CertificateFile: PATHS,
  IdentitiesOnly: FLAGS,
  IdentityAgent: pick("none", "SSH_AUTH_SOCK", "$OTHER", "~/agent", "/run/%r", "${KEYS}/agent", "$NOT_SET"),
  ProxyJump: pick("b", "u@b:22", "c,b", "none", "ssh://u@b:22", "[::1]:23", "NONE", "%r@b"),
  ProxyCommand: pick("none", "nc %h %p", "NONE"),
  UserKnownHostsFile: pick<string | string[]>("none", ["/a/%h", "~/b"], "/x y", "/one", "${KEYS}/k"),
  GlobalKnownHostsFile: pick<string | string[]>("none", ["/a", "~/b"], "/one"),
  HostKeyAlias: pick("Alias", "x"),
  ConnectTimeout: pick("none", "10", "1m30s", "0", "1h"),
  StrictHostKeyChecking: pick("yes", "no", "ASK", "accept-new", "off", "true"),
  RevokedHostKeys: pick("/r", "none", "/r s"),
  AddressFamily: pick("any", "inet", "INET6"),
  ConnectionAttempts: pick("1", "4"),
  ServerAliveInterval: pick("0", "15", "1m"),
  ServerAliveCountMax: pick("0", "7"),
  BindAddress: pick("127.0.0.1"),
  NumberOfPasswordPrompts: pick("0", "3"),
  PasswordAuthentication: FLAGS,
  KbdInteractiveAuthentication: FLAGS,
  ChallengeResponseAuthentication: FLAGS,
  PubkeyAuthentication: pick("yes", "no", "unbound"),
  PreferredAuthentications: pick(
    "password,publickey",
    "publickey",
    "gssapi-with-mic,keyboard-interactive,foo",
    "hostbased",
  ),
  CanonicalizeHostname: pick("yes", "no", "always"),
  CanonicalDomains: pick("none"),
  Ciphers: pick("aes256-ctr,aes128-ctr", "+aes128-cbc", "-aes128*,chacha*", "^aes256-ctr"),
  MACs: pick("hmac-sha2-512,umac-64@openssh.com", "+hmac-md5", "-*etm*", "^hmac-sha2-256"),
  KexAlgorithms: pick("curve25519-sha256", "+diffie-hellman-group1-sha1", "-diffie*", "^ecdh-sha2-nistp384"),
  HostKeyAlgorithms: pick("ssh-ed25519", "+ssh-rsa", "-ecdsa*", "^rsa-sha2-512", "ecdsa-*"),
  PubkeyAcceptedAlgorithms: pick("ssh-ed25519,rsa-sha2-256", "-rsa*"),
  RequiredRSASize: pick("2048", "3072"),
  CheckHostIP: FLAGS,
  KnownHostsCommand: pick("none"),
  IgnoreUnknown: pick("foo*,bar"),
  ForwardAgent: FLAGS,
  SendEnv: pick<string | string[]>("LANG", ["LANG", "LC_*"]),
  LocalForward: pick<string[]>(["8080", "localhost:80"]),
  VerifyHostKeyDNS: FLAGS,
};

/** The most telling keywords more often. */
const keyword = fc.oneof(
  { weight: 2, arbitrary: pick("HostName", "User", "Port", "IdentityFile", "ProxyJump", "ProxyCommand") },
  { weight: 3, arbitrary: fc.constantFrom(...Object.keys(VALUES)) },
);

const spelledKeyword = (word: string) => pick(word, word, word.toLowerCase(), word.toUpperCase(), `"${word}"`);

function spelledArgument(word: string): fc.Arbitrary<string> {
  const plain = /[\s]/.test(word) ? word.replaceAll(" ", "\\ ") : word;
  return pick(plain, plain, `"${word}"`, `'${word}'`);
}

/** ProxyJump and commands are taken as they stand. */
const RAW = new Set(["ProxyJump", "ProxyCommand", "KnownHostsCommand"]);

const setting = keyword.chain((word) =>
  fc
    .tuple(spelledKeyword(word), pick(" ", "\t", "  "), fc.boolean(), VALUES[word] as fc.Arbitrary<string | string[]>)
    .chain(([spelled, blank, equals, value]) => {
      const words = (Array.isArray(value) ? value : [value]).map((each) =>
        RAW.has(word) ? fc.constant(each) : spelledArgument(each),
      );
      const between = equals && !spelled.startsWith('"') ? pick("=", " = ", "= ", " =") : fc.constant(blank);
      const tail = RAW.has(word) ? pick("", " ") : pick("", "", "  ", " # why", "\t#");
      return fc
        .tuple(pick("", "  ", "\t"), between, fc.tuple(...words), tail)
        .map(([indent, sign, args, end]) => `${indent}${spelled}${sign}${args.join(blank)}${end}`);
    }),
);

const pattern = pick("*", "h*", "h?", "!h1", "web.lab", "*.lab", "10.*", "h", "H2", "!10.1.*", "*.example", "fd00::*");
const host = fc.array(pattern, { minLength: 1, maxLength: 3 }).map((patterns) => `Host ${patterns.join(" ")}`);

const criterion = fc.oneof(
  fc
    .tuple(
      pick("", "!"),
      pick("host", "originalhost", "Host"),
      pick(" ", "="),
      fc.array(pattern, { minLength: 1, maxLength: 2 }),
    )
    .map(([not, name, sign, patterns]) => `${not}${name}${sign}${patterns.join(",")}`),
  fc
    .tuple(pick("", "!"), pick("user root", "user a,B", "localuser root", "localuser nobody"))
    .map((parts) => parts.join("")),
  pick("final", "canonical", "!canonical"),
);
const match = fc.oneof(
  pick("Match all", "match !all"),
  fc.array(criterion, { minLength: 1, maxLength: 3 }).map((criteria) => `Match ${criteria.join(" ")}`),
);

const other = pick("", "# a comment", "   ", "\t# b", "Protocol 2");
const include = pick(
  "Include FOLDER/one",
  "Include FOLDER/o*",
  'Include "FOLDER/t[a-w]o" FOLDER/none',
  "Include FOLDER/*o*",
);

function linesOf(maxLength: number, ...more: { weight: number; arbitrary: fc.Arbitrary<string> }[]) {
  const line = fc.oneof(
    { weight: 8, arbitrary: setting },
    { weight: 2, arbitrary: host },
    { weight: 2, arbitrary: match },
    ...more,
  );
  return fc
    .tuple(fc.array(line, { maxLength }), pick("\n", "\n", "\r\n"))
    .map(([lines, end]) => lines.map((each) => each + end).join(""));
}

/** Jump hosts are reached directly: two that jump over each other are another test's. */
export const randomConfig: fc.Arbitrary<RandomConfig> = fc
  .tuple(
    linesOf(14, { weight: 1, arbitrary: other }, { weight: 1, arbitrary: include }),
    linesOf(4),
    linesOf(4, { weight: 1, arbitrary: pick("Include FOLDER/one") }),
  )
  .map(([main, ...included]) => ({ main: `Host b c ::1\n ProxyJump none\nHost *\n${main}`, included }));

export const machine = fc.record({
  name: pick(...NAMES),
  user: fc.option(pick("root", "me"), { nil: undefined }),
  port: fc.option(pick(23), { nil: undefined }),
});
