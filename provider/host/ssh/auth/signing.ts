import { BaseAgent, type OpenSSHAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from "ssh2";
import { algorithmsOf } from "../known-hosts/keys";
import type { ResolvedConnection } from "../spec";

/** A signature that was not made; what ssh2 says of it is no reason to end the login. */
export class Unsigned extends Error {}

/** Told when a key that was accepted then could not sign, and while somebody is being waited for. */
export interface SigningLog {
  notes: string[];
  waiting: string | undefined;
  /** Ends what the login still has with an agent. */
  hangUp?: () => void;
}

/** The algorithms that may sign with this key: all that OpenSSH knows for its type but SHA-1, less what PubkeyAcceptedAlgorithms leaves out. */
export function signatureAlgorithms(type: string, to: ResolvedConnection): readonly string[] {
  const accepted = to.algorithms.publicKey;
  return algorithmsOf(type).filter((algorithm) => !accepted || accepted.includes(algorithm));
}

const HASHES: Readonly<Record<string, string>> = { sha1: "ssh-rsa", sha256: "rsa-sha2-256", sha512: "rsa-sha2-512" };

/**
 * ssh2 takes SHA-1 for an RSA key where the server knows nothing better, and SHA-256 where it knows both; ssh takes what
 * PubkeyAcceptedAlgorithms allows. Where that is SHA-512 alone, the key goes by that name, which ssh2 then uses as it is.
 */
export function named(key: ParsedKey, allowed: readonly string[]): ParsedKey {
  if (key.type !== "ssh-rsa" || allowed[0] !== "rsa-sha2-512" || allowed.length > 1) return key;
  return Object.create(key, { type: { value: "rsa-sha2-512" } }) as ParsedKey;
}

/** The hash to sign with; undefined where the type has only one. Throws `Unsigned` for what is not allowed. */
function hashFor(key: ParsedKey, asked: string | undefined, allowed: readonly string[]): string | undefined {
  if ((key.type as string) === "rsa-sha2-512") return "sha512";
  if (key.type !== "ssh-rsa") return asked;
  const algorithm = HASHES[asked ?? "sha1"] as string;
  if (allowed.includes(algorithm)) return asked;
  throw new Unsigned(
    algorithm === "ssh-rsa" ? "the server wants a SHA-1 signature of it" : `${algorithm} is not allowed`,
  );
}

/** A key of a file, which signs only with what is allowed. */
export function guarded(key: ParsedKey, name: string, allowed: readonly string[], log: SigningLog): ParsedKey {
  const sign = (data: Buffer, hash?: string): Buffer => {
    try {
      return key.sign(data, hashFor(signer, hash, allowed));
    } catch (error) {
      log.notes.push(`${name} was not used: ${(error as Error).message}`);
      return error as unknown as Buffer; // how ssh2 takes it, see `sign` in its keyParser.js
    }
  };
  const signer: ParsedKey = Object.create(named(key, allowed), { sign: { value: sign } }) as ParsedKey;
  return signer;
}

/** An agent that knows only one key: so each key is one attempt that we order and can name. */
export class SingleKeyAgent extends BaseAgent<ParsedKey> {
  private readonly shown: ParsedKey;

  constructor(
    private readonly inner: OpenSSHAgent,
    private readonly key: ParsedKey,
    private readonly name: string,
    private readonly allowed: readonly string[],
    private readonly log: SigningLog,
  ) {
    super();
    this.shown = named(key, allowed);
  }

  get type(): string {
    return this.key.type;
  }

  override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    done(undefined, [this.shown]);
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    const [asked, tell] = typeof options === "function" ? [undefined, options] : [options.hash, done as SignCallback];
    const failed = (why: string): void => {
      this.log.notes.push(`${this.name}: ${why}`);
      tell(new Unsigned(why));
    };
    try {
      const hash = hashFor(this.shown, asked, this.allowed);
      this.log.waiting = `the ssh-agent has not signed with ${this.name}`;
      this.inner.sign(
        this.key,
        data,
        hash === undefined ? {} : ({ hash } as SigningRequestOptions),
        (error, signature) => {
          this.log.waiting = undefined;
          if (error || !signature)
            failed("the ssh-agent did not sign with it (it refused, was not confirmed, or ended)");
          else tell(undefined, signature);
        },
      );
    } catch (error) {
      failed(error instanceof Unsigned ? error.message : "the ssh-agent did not sign with it");
    }
  }
}
