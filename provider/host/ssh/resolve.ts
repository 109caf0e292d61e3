import { AcrnError } from "../../core/errors";
import { home } from "./config/expand";
import { configFiles } from "./config/files";
import { hostKeyRules } from "./config/host-key-rules";
import { linkSettings } from "./config/link";
import { loginMethods } from "./config/login";
import { lookup } from "./config/lookup";
import { configuredAlgorithms } from "./config/offers";
import { Settings } from "./config/settings";
import type { HostConfig } from "./config/types";
import type { SshEnvironment } from "./env";
import { parsePin } from "./host-key";
import { pinUnreadable } from "./host-key-errors";
import { jumpOf } from "./jump";
import type { ConnectionSpec, IdentitySource, ResolvedConnection } from "./spec";

const DEFAULT_IDENTITIES = ["id_ed25519", "id_ecdsa", "id_rsa"];
const DEFAULT_KNOWN_HOSTS = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
const SYSTEM_KNOWN_HOSTS = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];
/** SSH_RSA_MINIMUM_MODULUS_SIZE of OpenSSH, whatever RequiredRSASize says: it reads no shorter key (sshkey.c, sshkey_check_rsa_length). */
const RSA_BITS = 1024;

/**
 * Everything that a connection needs, from what is given, ssh_config and the defaults of OpenSSH. Reads configuration
 * only: keys, agent and known_hosts are read when the connection is made.
 */
export function resolve(spec: ConnectionSpec, env: SshEnvironment, depth = 0): ResolvedConnection {
  const name = spec.alias ?? spec.host;
  if (!name) throw noHost();
  checkWord("host", name);
  if (spec.hostKey !== undefined && !parsePin(spec.hostKey)) throw pinUnreadable();
  const config = configOf(name, spec, env);
  const settings = new Settings(name, spec, config, env);
  const { host, port, user } = settings;
  checkWord("host", host);
  checkWord("user", user);
  const jump = jumpOf(spec, settings, depth);
  const agent = settings.agent();
  return {
    name,
    host,
    port,
    user,
    configured: config.configured,
    ...hostKeyNames(settings),
    ...hostKeyRules(spec, settings),
    knownHosts: knownHosts(spec, settings, env),
    identities: identities(spec, settings, env),
    identitiesOnly: settings.flag("identitiesonly") ?? false,
    certificateFiles: settings.paths("certificatefile") ?? [],
    methods: loginMethods(settings),
    algorithms: configuredAlgorithms(settings),
    hostKeyOrderFixed: /^[^-+]/.test(settings.text("hostkeyalgorithms") ?? "-"),
    requiredRsaSize: Math.max(RSA_BITS, settings.number("requiredrsasize") ?? 0),
    ...(agent === undefined ? {} : { agent }),
    ...(spec.passphrase === undefined ? {} : { passphrase: spec.passphrase }),
    ...(spec.password === undefined ? {} : { password: spec.password }),
    ...(jump === undefined ? {} : { jump: resolve(jump, env, depth + 1) }),
    ...linkSettings(spec, settings, env),
  };
}

function configOf(name: string, spec: ConnectionSpec, env: SshEnvironment): HostConfig {
  const file = typeof spec.sshConfig === "string" ? home(spec.sshConfig, env) : spec.sshConfig;
  const host = spec.alias === undefined ? undefined : spec.host;
  const jump = spec.jump === undefined ? undefined : spec.jump !== "none" && spec.jump !== "";
  return lookup(name, { user: spec.user, host, jump }, configFiles(file, env.home), env);
}

/** As ssh's get_hostfile_hostname_ipaddr: an alias stands alone, another port than 22 is written `[host]:port`. */
function hostKeyNames(settings: Settings): Pick<ResolvedConnection, "hostKeyName" | "hostKeyFallback"> {
  const alias = settings.text("hostkeyalias");
  if (alias) return { hostKeyName: alias.toLowerCase() };
  const host = settings.host.toLowerCase();
  if (settings.port === 22) return { hostKeyName: host };
  return { hostKeyName: `[${host}]:${settings.port}`, hostKeyFallback: host };
}

function knownHosts(spec: ConnectionSpec, settings: Settings, env: SshEnvironment): string[] {
  if (spec.knownHosts !== undefined) return [home(spec.knownHosts, env)];
  const user = settings.paths("userknownhostsfile") ?? DEFAULT_KNOWN_HOSTS.map((path) => home(path, env));
  const system = settings.plainPaths("globalknownhostsfile") ?? SYSTEM_KNOWN_HOSTS;
  return [...user, ...system];
}

function identities(spec: ConnectionSpec, settings: Settings, env: SshEnvironment): IdentitySource[] {
  const given: IdentitySource[] = [];
  if (spec.privateKey !== undefined) given.push({ pem: spec.privateKey, named: true, first: true });
  if (spec.privateKeyFile !== undefined) given.push({ file: home(spec.privateKeyFile, env), named: true, first: true });
  if (given.length > 0) return given;
  const configured = settings.paths("identityfile");
  if (configured) return configured.map((file) => ({ file, named: true, first: false }));
  return DEFAULT_IDENTITIES.map((file) => ({ file: home(`~/.ssh/${file}`, env), named: false, first: false }));
}

function noHost(): AcrnError {
  return new AcrnError("ssh.spec", "the connection names no machine", {
    hint: "Give `host` (an address) or `alias` (a Host of ssh_config).",
    property: "host",
  });
}

/** Names go into messages and into commands that people paste. */
function checkWord(property: string, word: string): void {
  if (word !== "" && !/[\s\x00-\x1f\x7f'"`$;|<>\\]/.test(word) && !word.startsWith("-")) return;
  throw new AcrnError("ssh.spec", `${JSON.stringify(word)} cannot be the ${property} of a connection`, {
    hint: "It must not be empty, start with a dash, or hold white space, quotes or shell characters.",
    property,
  });
}
