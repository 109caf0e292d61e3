import type { AnyAuthMethod, KeyboardInteractiveAuthMethod } from "ssh2";
import type { AcrnError } from "../../../core/errors";
import type { ResolvedConnection } from "../spec";
import { type AgentKey, agentKeys } from "./agent";
import { type Identity, loadIdentity } from "./keys";

/** One way to log in. */
export interface Candidate {
  kind: "publickey" | "password" | "keyboard-interactive";
  /** For messages; without secrets. */
  name: string;
  method: AnyAuthMethod;
}

export interface Candidates {
  list: Candidate[];
  /** What could not be offered, and why. */
  problems: AcrnError[];
  notes: string[];
}

/**
 * The ways to log in, in ssh's order: keys of the agent that are also named as files, other keys of the agent, files
 * that the agent does not hold, password. One difference: a key that an option names comes first of all, because sshd
 * hangs up after MaxAuthTries (6) keys.
 */
export async function candidates(
  connection: ResolvedConnection,
  readFile: (path: string) => string | undefined,
): Promise<Candidates> {
  const notes: string[] = [];
  const held = await heldKeys(connection, notes);
  const identities = connection.identities.flatMap(
    (source) => loadIdentity(source, connection.passphrase, readFile) ?? [],
  );
  const list = [...publicKeys(connection, identities, held), ...passwords(connection)];
  const inAgent = (identity: Identity) => held.some((key) => same(key, identity));
  const problems = identities.flatMap((identity) => (identity.problem && !inAgent(identity) ? [identity.problem] : []));
  return { list, problems, notes };
}

async function heldKeys(connection: ResolvedConnection, notes: string[]): Promise<AgentKey[]> {
  if (connection.agent === undefined) return [];
  try {
    return await agentKeys(connection.agent);
  } catch {
    notes.push(`the ssh-agent at ${connection.agent} did not answer`);
    return [];
  }
}

function publicKeys(
  connection: ResolvedConnection,
  identities: readonly Identity[],
  held: readonly AgentKey[],
): Candidate[] {
  const offers: (Identity | AgentKey)[] = [];
  const preferred = (identity: Identity) => held.find((key) => same(key, identity));
  for (const identity of identities) {
    const key = preferred(identity);
    if (key) offers.push(key);
    else if (identity.source.first && identity.key) offers.push(identity);
  }
  if (!connection.identitiesOnly) offers.push(...held);
  offers.push(...identities.filter(({ key }) => key !== undefined));
  const seen = new Set<string>();
  return offers.flatMap((offer) => {
    const id = offer.blob?.toString("base64") ?? offer.name;
    if (seen.has(id)) return [];
    seen.add(id);
    return [publicKey(connection.user, offer)];
  });
}

function publicKey(username: string, offer: Identity | AgentKey): Candidate {
  if ("agent" in offer) {
    return { kind: "publickey", name: offer.name, method: { type: "agent", username, agent: offer.agent } };
  }
  if (!offer.key) throw new Error(`${offer.name} was offered without its key`);
  return { kind: "publickey", name: `key ${offer.name}`, method: { type: "publickey", username, key: offer.key } };
}

function passwords({ user: username, password }: ResolvedConnection): Candidate[] {
  if (password === undefined) return [];
  return [
    { kind: "password", name: "password", method: { type: "password", username, password } },
    { kind: "keyboard-interactive", name: "password (keyboard-interactive)", method: interactive(username, password) },
  ];
}

/** PAM asks for the password this way: one prompt that is not echoed. Nothing else gets it, and it is given once. */
function interactive(username: string, password: string): KeyboardInteractiveAuthMethod {
  let given = false;
  return {
    type: "keyboard-interactive",
    username,
    prompt(_name, _instructions, _language, prompts, finish) {
      const asked = prompts.length === 1 && prompts[0]?.echo !== true && !given;
      given ||= asked;
      finish(prompts.map(() => (asked ? password : "")));
    },
  };
}

function same(key: AgentKey, identity: Identity): boolean {
  return identity.blob?.equals(key.blob) ?? false;
}
