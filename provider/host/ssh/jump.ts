import { AcrnError } from "../../core/errors";
import type { Settings } from "./config/settings";
import type { ConnectionSpec } from "./spec";

/** More hops than anybody has; two hosts that name each other as ProxyJump end here. */
const MAX_HOPS = 8;

/** The machine to go through, or undefined for the direct way. `depth`: how many machines lie behind this one. */
export function jumpOf(spec: ConnectionSpec, settings: Settings, depth: number): ConnectionSpec | undefined {
  const jump = spec.jump ?? fromConfig(settings);
  if (jump === undefined || jump === "none" || jump === "") return undefined;
  if (depth >= MAX_HOPS) throw loop(`the way to ${settings.name} has more than ${MAX_HOPS} jump hosts`);
  if (typeof jump !== "string") return { ...inherited(spec), ...jump };
  const hop = parseJump(jump, spec);
  if (isItself(hop, settings)) throw loop(`the jump host of ${settings.name} is that machine itself`);
  return hop;
}

/** What ssh calls a jumphost loop: it compares what is written, before the jump host is looked up itself (ssh.c, main). */
function isItself({ host, port = 22, user }: ConnectionSpec, settings: Settings): boolean {
  return host === settings.host && port === settings.port && (user ?? settings.user) === settings.user;
}

/** ProxyJump or ProxyCommand, whichever is specified first, as in ssh; here a command can only be refused. */
function fromConfig(settings: Settings): string | undefined {
  if (settings.value("proxyjump")) return settings.proxyJump();
  const command = settings.value("proxycommand");
  if (!command || command.args.join(" ").toLowerCase() === "none") return undefined;
  throw new AcrnError("ssh.config.unsupported", `ProxyCommand for ${settings.name} cannot be used`, {
    where: command.place,
    hint: 'Use ProxyJump there, or give `jump` (the machine to go through, or "none" for the direct way).',
  });
}

/** `[user@]host[:port]` or ssh://..., several separated by commas: the last one is the nearest to the target (ssh(1) -J). */
function parseJump(text: string, spec: ConnectionSpec): ConnectionSpec {
  const hops = text.split(",");
  const last = (hops.pop() as string).trim();
  const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:@/]+)(?::(\d+))?\/?$/.exec(last);
  if (!match) throw badJump(text);
  const [, user, host, port] = match;
  return {
    ...inherited(spec),
    host: (host as string).replace(/^\[|\]$/g, ""),
    ...(user ? { user } : {}),
    ...(port ? { port: Number(port) } : {}),
    ...(hops.length > 0 ? { jump: hops.join(",") } : {}),
  };
}

/**
 * What holds for this computer holds for the jump host too; keys and passwords do not: as with ssh, they are for the
 * target, and a password must never reach another machine.
 */
function inherited(spec: ConnectionSpec): ConnectionSpec {
  const { agent, knownHosts, sshConfig, connectTimeout } = spec;
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
    ...(sshConfig === undefined ? {} : { sshConfig }),
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
  };
}

function badJump(text: string): AcrnError {
  return new AcrnError("ssh.spec", `${JSON.stringify(text)} is no jump host`, {
    hint: "Write [user@]host[:port], an alias of ssh_config, or none.",
    property: "jump",
  });
}

function loop(summary: string): AcrnError {
  return new AcrnError("ssh.config.loop", summary, {
    hint: "Write `ProxyJump none` for the machine that is reached directly; machines may seem to name each other.",
  });
}
