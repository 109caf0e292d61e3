import { matchPatterns } from "../pattern";
import { type ConfigLine, syntax } from "./lines";
import { UNUSED } from "./unused";
import {
  AGENT,
  ALIASED,
  ANY,
  COMMAND,
  choice,
  DOMAINS,
  FLAG,
  HOPS,
  INTEGER,
  LIST,
  listed,
  PORT,
  type Rule,
  TEXT,
  TIME,
} from "./values";

/** Older names (readconf.c, keywords[]). */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["challengeresponseauthentication", "kbdinteractiveauthentication"],
  ["skeyauthentication", "kbdinteractiveauthentication"],
  ["tisauthentication", "kbdinteractiveauthentication"],
  ["dsaauthentication", "pubkeyauthentication"],
  ["identityfile2", "identityfile"],
  ["keepalive", "tcpkeepalive"],
  ["hostbasedkeytypes", "hostbasedacceptedalgorithms"],
  ["pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms"],
  ["smartcarddevice", "pkcs11provider"],
]);

/** The keywords that count here and what they take; with UNUSED these are all that OpenSSH 9.2 to 10.5 has. */
const USED: readonly (readonly [Rule, string])[] = [
  [ANY, "host match include"],
  [LIST, "userknownhostsfile globalknownhostsfile revokedhostkeys"],
  [TEXT, "hostname user hostkeyalias identityfile certificatefile ignoreunknown tag refuseconnection"],
  [TEXT, "bindaddress bindinterface preferredauthentications"],
  [AGENT, "identityagent"],
  [HOPS, "proxyjump"],
  [COMMAND, "proxycommand knownhostscommand"],
  [FLAG, "checkhostip identitiesonly kbdinteractiveauthentication passwordauthentication canonicalizefallbacklocal"],
  [INTEGER, "canonicalizemaxdots connectionattempts numberofpasswordprompts serveralivecountmax requiredrsasize"],
  [TIME, "connecttimeout serveraliveinterval"],
  [PORT, "port"],
  [choice("yes no true false ask off accept-new"), "stricthostkeychecking"],
  [choice("yes no true false unbound host-bound"), "pubkeyauthentication"],
  [choice("yes no true false always"), "canonicalizehostname"],
  [choice("any inet inet6"), "addressfamily"],
  [DOMAINS, "canonicaldomains"],
  [ALIASED, "canonicalizepermittedcnames"],
  [listed("cipher"), "ciphers"],
  [listed("mac"), "macs"],
  [listed("kex"), "kexalgorithms"],
  [listed("hostKey"), "hostkeyalgorithms"],
  [listed("publicKey"), "pubkeyacceptedalgorithms"],
];

const RULES: ReadonlyMap<string, Rule> = new Map(
  [...USED, ...UNUSED].flatMap(([rule, keywords]) => keywords.split(" ").map((keyword) => [keyword, rule] as const)),
);

/**
 * The keyword by its present name, once its arguments are looked at; undefined where IgnoreUnknown says so. As in ssh this
 * concerns every line, also of sections that do not apply.
 */
export function checkedKeyword(line: ConfigLine, ignored: string | undefined): string | undefined {
  const keyword = ALIASES.get(line.keyword) ?? line.keyword;
  const rule = RULES.get(keyword);
  if (rule) {
    check(line, rule);
    return keyword;
  }
  if (ignored !== undefined && matchPatterns(line.keyword, ignored.toLowerCase().split(","))) return undefined;
  throw syntax(
    `bad configuration option: ${JSON.stringify(line.keyword)}`,
    line.place(),
    "Correct or remove it, or name it in IgnoreUnknown further up.",
  );
}

function check({ keyword, words, place }: ConfigLine, { min, max, wrong, command }: Rule): void {
  if (command) return;
  const all = words.map(({ text }) => text);
  if (words.length < min) throw syntax(`${keyword} lacks its value`, place(), SEE);
  for (const [index, { text, at }] of words.entries()) {
    if (index >= max) throw syntax(`${keyword} has extra arguments at the end of the line`, place(at), QUOTE);
    // `Match tagged ""` is the one place where an empty word means something.
    if (text === "" && keyword !== "match") throw syntax(`${keyword} has an empty argument`, place(at), SEE);
    const problem = wrong?.(text, index, all);
    if (problem) throw syntax(`${keyword}: ${problem}`, place(at), SEE);
  }
}

const SEE = "See ssh_config(5) for what it takes.";
const QUOTE = 'Put a value with blanks in it in quotes ("...").';
