import { type OpenSSHAgent, type ParsedKey, utils } from "ssh2";
import { printable } from "../errors";
import { fingerprint, keyType } from "../known-hosts/keys";
import type { ResolvedConnection } from "../spec";
import { type ListedKey, listKeys } from "./agent-list";
import { LoginAgent } from "./login-agent";
import { type SigningLog, SingleKeyAgent, signatureAlgorithms } from "./signing";

/** One key of an agent. */
export interface AgentKey {
  blob: Buffer;
  /** `agent key SHA256:... (comment)`. */
  name: string;
  agent: SingleKeyAgent;
}

/** The keys of the agent that the connection names. What cannot be had or used is told in the log. */
export async function agentKeys(to: ResolvedConnection, log: SigningLog): Promise<AgentKey[]> {
  const socket = to.agent;
  if (socket === undefined) return [];
  log.waiting = `the ssh-agent at ${socket} has not answered`;
  const listed = await listKeys(socket).catch(() => undefined);
  log.waiting = undefined;
  if (!listed) log.notes.push(`the ssh-agent at ${socket} did not answer`);
  else if (listed.length === 0)
    log.notes.push(`the ssh-agent at ${socket} shows no key (empty, or locked: ssh-add -X)`);
  const agent = new LoginAgent(socket);
  log.hangUp = () => agent.hangUp();
  return (listed ?? []).flatMap((key) => usable(key, agent, to, log) ?? []);
}

function usable(
  { blob, comment }: ListedKey,
  agent: OpenSSHAgent,
  to: ResolvedConnection,
  log: SigningLog,
): AgentKey | undefined {
  const type = keyType(blob) ?? "unknown";
  const said = printable(comment, 60);
  const name = `agent key ${fingerprint(blob)}${said ? ` (${said})` : ""}`;
  const key = utils.parseKey(blob) as ParsedKey | Error; // the wire form too, which its types leave out
  if (key instanceof Error) {
    log.notes.push(`${name} was not used: ${whyNot(type)}`);
    return undefined;
  }
  return { blob, name, agent: new SingleKeyAgent(agent, key, name, signatureAlgorithms(key.type, to), log) };
}

function whyNot(type: string): string {
  if (type.includes("-cert-v")) return "a user certificate is not supported";
  return `a key of the type ${printable(type, 60)} is not supported`;
}
