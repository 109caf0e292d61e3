import { BaseAgent, OpenSSHAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from "ssh2";
import { fingerprint } from "../known-hosts/keys";

/** How long an agent may take to list its keys; one that hangs must not hang the run. */
const LIST_TIMEOUT_MS = 5_000;

/** One key of an agent. */
export interface AgentKey {
  blob: Buffer;
  /** `agent key SHA256:... (comment)`. */
  name: string;
  /** An agent that knows only this key: so each key is one attempt that we order and can name. */
  agent: BaseAgent;
}

/** The keys of the agent at a socket; rejects when it does not answer. */
export function agentKeys(socket: string): Promise<AgentKey[]> {
  const agent = new OpenSSHAgent(socket);
  return new Promise((settle, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer")), LIST_TIMEOUT_MS);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error) reject(error);
      else settle((keys ?? []).map((key) => agentKey(agent, key as ParsedKey)));
    });
  });
}

function agentKey(agent: OpenSSHAgent, key: ParsedKey): AgentKey {
  const blob = key.getPublicSSH();
  const comment = key.comment ? ` (${key.comment})` : "";
  return { blob, name: `agent key ${fingerprint(blob)}${comment}`, agent: new SingleKeyAgent(agent, key) };
}

class SingleKeyAgent extends BaseAgent<ParsedKey> {
  constructor(
    private readonly inner: OpenSSHAgent,
    private readonly key: ParsedKey,
  ) {
    super();
  }

  override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    done(undefined, [this.key]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === "function") this.inner.sign(key, data, options);
    else this.inner.sign(key, data, options, done);
  }
}
