import { spawnSync } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { type SshEnvironment, systemEnvironment } from "../../../provider/host/ssh/env";
import type { ResolvedConnection } from "../../../provider/host/ssh/spec";

/** What both sides see of the environment. ssh takes the home from the passwd entry, never from HOME. */
export const VARIABLES = { SSH_AUTH_SOCK: "/run/agent.sock", KEYS: "/keys", OTHER: "/run/other.sock" };

export function oracleEnvironment(): SshEnvironment {
  return { ...systemEnvironment(), home: userInfo().homedir, variables: VARIABLES };
}

/** What `ssh -G` says, by keyword; the reason where it refuses. */
export type Answer = Map<string, string[]> | string;

export function ask(file: string, destination: readonly string[]): Answer {
  const { status, stdout, stderr } = spawnSync("ssh", ["-G", "-F", file, ...destination], {
    encoding: "utf8",
    input: "",
    env: { PATH: process.env.PATH, ...VARIABLES },
  });
  if (status !== 0) return stderr || `ended with ${status}`;
  const answer = new Map<string, string[]>();
  for (const line of stdout.split("\n")) {
    const [, keyword = "", value = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    answer.set(keyword, [...(answer.get(keyword) ?? []), value]);
  }
  return answer;
}

type Summary = Record<string, unknown>;

/** Our lookup in the words of `theirs`. */
export function ours(found: ResolvedConnection, answer: Map<string, string[]>): Summary {
  const { keepAlive, connectionAttempts, algorithms } = found;
  return {
    hostname: found.host,
    port: found.port,
    user: found.user,
    identityfile: found.identities[0]?.named === false ? [] : found.identities.map(({ file }) => file),
    certificatefile: found.certificateFiles,
    identitiesonly: found.identitiesOnly,
    agent: found.agent,
    knownhosts: found.knownHosts.join(" "),
    hostkeyname: [found.hostKeyName, found.hostKeyFallback],
    connecttimeout: found.connectTimeout,
    family: found.family,
    bindaddress: found.bindAddress,
    strict: found.strict,
    revoked: found.revokedHostKeys,
    checkhostip: found.checkHostIp,
    methods: found.methods,
    rsa: found.requiredRsaSize,
    attempts: connectionAttempts ?? 1,
    interval: keepAlive.interval ?? 0,
    count: keepAlive.count ?? 3,
    kex: known(algorithms.kex, answer.get("kexalgorithms")),
    cipher: known(algorithms.cipher, answer.get("ciphers")),
    mac: known(algorithms.mac, answer.get("macs")),
    hostKey: known(algorithms.hostKey, answer.get("hostkeyalgorithms")),
    publicKey: known(algorithms.publicKey, answer.get("pubkeyacceptedalgorithms")),
  };
}

/** The same of `ssh -G`, which leaves most paths and tokens as they are written: those are expanded here, by other code. */
export function theirs(answer: Map<string, string[]>, name: string): Summary {
  const all = (keyword: string) => answer.get(keyword) ?? [];
  const one = (keyword: string) => all(keyword)[0];
  const host = one("hostname") as string;
  const port = Number(one("port"));
  const path = expander(answer, name);
  const files = (keyword: string) => all(keyword).filter((file) => file.toLowerCase() !== "none");
  const names = (keyword: string) => (one(keyword) ?? "").split(" ").filter((file) => file !== "none");
  const identities = files("identityfile");
  const defaults = all("identityfile").length === 7 && identities[6] === "~/.ssh/id_dsa";
  return {
    hostname: host,
    port,
    user: one("user"),
    identityfile: defaults ? [] : identities.map(path),
    certificatefile: files("certificatefile").map(path),
    identitiesonly: one("identitiesonly") === "yes",
    agent: agent(one("identityagent")),
    knownhosts: [...names("userknownhostsfile"), ...names("globalknownhostsfile").map(path)].join(" "),
    hostkeyname: hostKeyName(host.toLowerCase(), port, one("hostkeyalias")),
    connecttimeout: Number(one("connecttimeout")) || 15,
    family: { inet: 4, inet6: 6 }[one("addressfamily") ?? ""] ?? 0,
    bindaddress: one("bindaddress"),
    strict: { true: "yes", false: "no" }[one("stricthostkeychecking") ?? ""] ?? one("stricthostkeychecking"),
    revoked: all("revokedhostkeys"),
    checkhostip: one("checkhostip") === "yes",
    methods: methods(answer),
    rsa: Number(one("requiredrsasize")),
    attempts: Number(one("connectionattempts")),
    interval: Number(one("serveraliveinterval")),
    count: Math.max(1, Number(one("serveralivecountmax"))),
  };
}

/** sshconnect.c, get_hostfile_hostname_ipaddr. */
function hostKeyName(host: string, port: number, alias: string | undefined): [string, string | undefined] {
  if (alias) return [alias, undefined];
  return port === 22 ? [host, undefined] : [`[${host}]:${port}`, host];
}

/** The ways to log in that are left, without those that only ssh has. */
export function methods(answer: Map<string, string[]>): string[] {
  const on = (keyword: string) => !["no", "false"].includes(answer.get(keyword)?.[0] ?? "");
  const asks = answer.get("numberofpasswordprompts")?.[0] !== "0";
  const possible: Record<string, boolean> = {
    publickey: on("pubkeyauthentication"),
    "keyboard-interactive": on("kbdinteractiveauthentication") && asks,
    password: on("passwordauthentication") && asks,
  };
  const order = answer.get("preferredauthentications")?.[0] ?? Object.keys(possible).join(",");
  return [...new Set(order.split(","))].filter((name) => possible[name]);
}

/** What ours has of theirs, as a set: ssh2 has algorithms that OpenSSH lacks, and the other way round. */
function known(list: readonly string[] | undefined, said: string[] | undefined): boolean | undefined {
  if (list === undefined) return undefined;
  const theirs = (said?.[0] ?? "").split(",");
  return list.every((name) => theirs.includes(name) || /group1[57]-/.test(name));
}

function agent(said: string | undefined): string | undefined {
  if (said === undefined || said === "SSH_AUTH_SOCK") return VARIABLES.SSH_AUTH_SOCK;
  if (said.startsWith("$")) return (VARIABLES as Record<string, string>)[said.slice(1)];
  return said === "none" ? undefined : said;
}

function expander(answer: Map<string, string[]>, name: string): (path: string) => string {
  const one = (keyword: string) => answer.get(keyword)?.[0] as string;
  const { homedir, username, uid } = userInfo();
  const [short = ""] = hostname().split(".");
  const alias = one("hostkeyalias") ?? name;
  const tokens: [string, string][] = [
    ["%h", one("hostname")],
    ["%n", name],
    ["%p", one("port")],
    ["%r", one("user")],
    ["%u", username],
    ["%i", String(uid)],
    ["%d", homedir],
    ["%L", short],
    ["%l", hostname()],
    ["%k", alias],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as ssh_config writes it
    ["${KEYS}", VARIABLES.KEYS],
    ["%%", "%"],
  ];
  return (path) =>
    tokens.reduce((text, [token, value]) => text.replaceAll(token, value), path.replace(/^~(?=\/)/, homedir));
}
