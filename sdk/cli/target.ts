import { statSync } from "node:fs";
import { AcrnError } from "../../provider/core/errors";

/** TARGET as it was written: a folder, or somebody to reach over SSH. */
export type TargetName = { root: string } | { host: string; user?: string; port?: number };

export interface ParsedTarget {
  target: TargetName;
  /** What may have been meant differently. */
  warning?: string;
}

/**
 * `ssh://[user@]host[:port]`, `[user@]host[:port]`, an alias of ssh_config, or a folder. A folder is what holds a slash
 * and is there, or `.`; so a host and a folder of one name are told apart by `./name`.
 */
export function parseTarget(text: string): ParsedTarget {
  if (text.startsWith("ssh://")) return { target: sshTarget(text.slice("ssh://".length), text) };
  if (text === "." || text === "..") return { target: { root: text } };
  if (text.includes("/")) return { target: folder(text) };
  const target = sshTarget(text, text);
  if (!isFolder(text)) return { target };
  return { target, warning: `${text} is taken as the name of a host; the folder of that name is written ./${text}` };
}

function folder(text: string): TargetName {
  if (isFolder(text)) return { root: text };
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  const hint = scheme
    ? `The only scheme is ssh://: ssh://[user@]host[:port]; a folder is written as its path.`
    : `A TARGET with a slash is a folder. ${FORMS}`;
  throw new AcrnError("target.folder", `there is no folder ${quoted(text)}`, { hint });
}

const FORMS = "Hosts are written ssh://[user@]host[:port], [user@]host[:port], or as an alias of ssh_config.";

/** RFC 3986 authority, as ssh(1) takes it in `ssh://`; IPv6 addresses with a port stand in brackets. */
const AUTHORITY = /^(?:([^@/\s]+)@)?(\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[^@:/\s[\]]+)(?::(\d{1,5}))?$/;
const BARE_IPV6 = /^(?:([^@/\s]+)@)?([0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*)$/;

function sshTarget(authority: string, whole: string): TargetName {
  const [, user, host, port] = AUTHORITY.exec(authority.replace(/\/$/, "")) ?? BARE_IPV6.exec(authority) ?? [];
  if (host === undefined) throw unclear(whole);
  if (user?.includes(":")) throw passwordGiven();
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65535))
    throw new AcrnError("target.port", `${port} is no port in ${quoted(whole)}`, { hint: "Ports are 1 to 65535." });
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  return { host: bare, ...(user ? { user } : {}), ...(port ? { port: Number(port) } : {}) };
}

function unclear(text: string): AcrnError {
  return new AcrnError("target.form", `${quoted(text)} is neither a host nor a folder`, {
    hint: `${FORMS} A folder is written with a slash: ./image.`,
  });
}

/** It would stand in the shell's history and in the list of processes. Not repeated in the message for the same reason. */
function passwordGiven(): AcrnError {
  return new AcrnError("target.password", "TARGET holds a password", {
    hint: "Put it into an environment variable and name that: --password-env NAME. Keys and agents need none.",
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);
}
