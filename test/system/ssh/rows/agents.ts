import { accept, type Row, refuse } from "../support/row";

const AUTH = "ssh.auth";
const only = () => ["IdentitiesOnly yes"];

/** ssh-agent(1), and what IdentitiesOnly takes of it. */
export const AGENT_ROWS: Row[] = [
  { name: "the agent holds the key", keys: [], agent: "right", expected: accept },
  { name: "SSH_AUTH_SOCK leads to the agent", keys: [], inheritedAgent: "right", expected: accept },
  {
    name: "IdentityAgent none hides SSH_AUTH_SOCK",
    keys: ["stranger"],
    inheritedAgent: "right",
    lines: () => ["IdentityAgent none"],
    expected: refuse(AUTH, /refused/),
  },
  {
    name: "IdentityAgent SSH_AUTH_SOCK",
    keys: [],
    inheritedAgent: "right",
    lines: () => ["IdentityAgent SSH_AUTH_SOCK"],
    expected: accept,
  },
  {
    name: "the agent holds another key",
    keys: ["no-such-key"],
    agent: "stranger",
    expected: refuse("ssh.key.unreadable", /refused: agent key SHA256/),
  },
  { name: "the agent holds another key, the file is right", keys: ["ed25519"], agent: "stranger", expected: accept },
  {
    name: "IdentitiesOnly leaves the agent's key out",
    keys: ["stranger"],
    agent: "right",
    lines: only,
    expected: refuse(AUTH, /refused/),
  },
  {
    name: "IdentitiesOnly takes the named key of the agent",
    keys: ["ed25519"],
    agent: "right",
    lines: only,
    expected: accept,
  },
  {
    name: "IdentitiesOnly takes the agent's key by its public file",
    keys: ["ed25519.pub"],
    agent: "right",
    lines: only,
    expected: accept,
  },
  { name: "an encrypted key that the agent holds", keys: ["encrypted"], agent: "opened", expected: accept },
  {
    name: "an encrypted key that the agent holds, IdentitiesOnly",
    keys: ["encrypted"],
    agent: "opened",
    lines: only,
    expected: accept,
  },
  {
    name: "a key that others may read, but the agent holds another",
    keys: ["loose"],
    agent: "right",
    expected: accept,
  },
  {
    name: "too many keys in the agent, the right one last",
    keys: [],
    agent: "full",
    expected: refuse(AUTH, /[Tt]oo many.*IdentitiesOnly/s),
  },
  {
    name: "too many keys in the agent, the right one only a file",
    keys: ["ed25519"],
    agent: "fullStrangers",
    expected: refuse(AUTH, /[Tt]oo many.*IdentitiesOnly/s),
  },
  {
    name: "too many keys in the agent, IdentitiesOnly",
    keys: ["ed25519"],
    agent: "fullStrangers",
    lines: only,
    expected: accept,
  },
  { name: "too many keys in the agent, the right one named", keys: ["ed25519"], agent: "full", expected: accept },
  { name: "an empty agent", keys: ["stranger"], agent: "empty", expected: refuse(AUTH, /refused/) },
  { name: "a locked agent", keys: ["stranger"], agent: "locked", expected: refuse(AUTH, /agent.*(no key|locked)/) },
  { name: "a locked agent and the right file", keys: ["ed25519"], agent: "locked", expected: accept },
  { name: "an agent that is not there", keys: ["stranger"], agent: "dead", expected: refuse(AUTH, /did not answer/) },
  { name: "an agent that is not there and the right file", keys: ["ed25519"], agent: "dead", expected: accept },
  { name: "an agent that refuses to sign", keys: [], agent: "refusing", expected: refuse(AUTH, /did not sign/) },
  {
    name: "an agent that refuses to sign with the first of two",
    keys: [],
    agent: "refusingThenRight",
    expected: accept,
  },
  {
    name: "an agent that refuses to sign, the file is at hand",
    keys: ["confirm"],
    agent: "refusing",
    expected: refuse(AUTH, /did not sign/),
  },
];
