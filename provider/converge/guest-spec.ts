import type { ConnectionSpec } from "../host/ssh";
import type { Connection } from "../resources/host-settings";

/** `[user@]host[:port]`, as ssh(1) takes a destination; an alias of ssh_config is one without user and port. */
const DESTINATION = /^(?:([^@]+)@)?(\[[^\]]+\]|[^:@]+)(?::(\d{1,5}))?$/;

/** What the host's connection says of this computer (its ssh_config, known_hosts, agent) holds for the guest too; keys and passwords do not. */
export function guestSpec(spec: Exclude<Connection, { root: string }>, host: Connection): ConnectionSpec {
  const own = (typeof spec === "string" ? destination(spec) : spec) as ConnectionSpec;
  if (typeof host === "string") return own.jump === undefined ? { ...own, jump: host } : own;
  if ("root" in host) return own;
  const { agent, knownHosts, sshConfig, connectTimeout } = host;
  const here = Object.entries({ agent, knownHosts, sshConfig, connectTimeout }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...Object.fromEntries(here), jump: host as ConnectionSpec, ...own };
}

function destination(text: string): ConnectionSpec {
  const [, user, host, port] = DESTINATION.exec(text) ?? [];
  if (host === undefined) return { host: text };
  return {
    host: host.replace(/^\[|\]$/g, ""),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}
