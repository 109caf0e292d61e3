import type { AcrnError } from "../../../core/errors";
import type { ResolvedConnection } from "../spec";
import { type AgentKey, agentKeys } from "./agent";
import type { Candidate } from "./candidate";
import { certificateNotes } from "./certificates";
import { type Identity, type KeyFiles, loadIdentity } from "./keys";
import { passwords } from "./passwords";
import { guarded, type SigningLog, signatureAlgorithms } from "./signing";

export interface Candidates {
  list: Candidate[];
  /** What could not be offered, and why. */
  problems: AcrnError[];
}

/**
 * The ways to log in: methods in the order of PreferredAuthentications, keys in ssh's order (those of the agent that are also named as
 * files, other keys of the agent, files that the agent does not hold). One difference: a key that an option names comes first of
 * all, because sshd hangs up after MaxAuthTries (6) keys.
 */
export async function candidates(to: ResolvedConnection, files: KeyFiles, log: SigningLog): Promise<Candidates> {
  const keys = to.methods.includes("publickey");
  const held = keys ? await agentKeys(to, log) : [];
  const identities = keys ? to.identities.flatMap((source) => loadIdentity(source, to, files) ?? []) : [];
  if (keys) log.notes.push(...certificateNotes(to, files));
  const all = [...publicKeys(to, identities, held, log), ...passwords(to)];
  const list = to.methods.flatMap((method) => all.filter(({ kind }) => kind === method));
  const inAgent = (identity: Identity) => held.some((key) => same(key, identity));
  const problems = identities.flatMap((identity) => (identity.problem && !inAgent(identity) ? [identity.problem] : []));
  return { list, problems };
}

function publicKeys(
  to: ResolvedConnection,
  identities: readonly Identity[],
  held: readonly AgentKey[],
  log: SigningLog,
): Candidate[] {
  const offers: (Identity | AgentKey)[] = [];
  for (const identity of identities) {
    const key = held.find((key) => same(key, identity));
    if (key) offers.push(key);
    else if (identity.source.first && identity.key) offers.push(identity);
  }
  if (!to.identitiesOnly) offers.push(...held);
  offers.push(...identities.filter(({ key }) => key !== undefined));
  const seen = new Set<string>();
  return offers.flatMap((offer) => {
    const id = offer.blob?.toString("base64") ?? offer.name;
    if (seen.has(id)) return [];
    seen.add(id);
    return publicKey(to, offer, log);
  });
}

function publicKey(to: ResolvedConnection, offer: Identity | AgentKey, log: SigningLog): Candidate[] {
  const { user: username } = to;
  const name = "agent" in offer ? offer.name : `key ${offer.name}`;
  const allowed = signatureAlgorithms("agent" in offer ? offer.agent.type : (offer.key?.type ?? ""), to);
  if (allowed.length === 0) {
    log.notes.push(`${name} was not used: PubkeyAcceptedAlgorithms leaves out what it signs with`);
    return [];
  }
  if ("agent" in offer) return [{ kind: "publickey", name, method: { type: "agent", username, agent: offer.agent } }];
  if (!offer.key) throw new Error(`${offer.name} was offered without its key`);
  const key = guarded(offer.key, name, allowed, log);
  return [{ kind: "publickey", name, method: { type: "publickey", username, key } }];
}

function same(key: AgentKey, identity: Identity): boolean {
  return identity.blob?.equals(key.blob) ?? false;
}
