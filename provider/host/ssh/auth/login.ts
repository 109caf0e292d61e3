import type { AuthHandlerMiddleware, NextAuthHandler } from "ssh2";
import { AcrnError } from "../../../core/errors";
import { label, type ResolvedConnection } from "../spec";
import type { Candidate } from "./candidate";
import { type Candidates, candidates } from "./candidates";
import { refusedHint } from "./hint";
import type { KeyFiles } from "./keys";
import type { SigningLog } from "./signing";

/**
 * Logs in: asks the server first what it accepts (method `none`, RFC 4252 section 5.2), and only then, with the host key
 * verified, reads keys and agent. Several methods in a row (`AuthenticationMethods publickey,password`) work too.
 */
export class Login {
  private readonly tried: string[] = [];
  private accepts: readonly string[] = [];
  private offer: Candidates | undefined;
  private failure: AcrnError | undefined;
  /** Whether the server has said anything about a login yet. */
  answered = false;
  /**
   * ssh2 drops the server's answer to an agent's key, so after one the list of methods may be outdated: the key may have
   * been accepted with "and now the password". Then a password is tried unasked, after all keys.
   */
  private stale = false;
  private readonly log: SigningLog = { notes: [], waiting: undefined };

  constructor(
    private readonly connection: ResolvedConnection,
    private readonly files: KeyFiles,
  ) {}

  readonly handler: AuthHandlerMiddleware = (left, partial, next) => {
    if (left === null) {
      next({ type: "none", username: this.connection.user } as Parameters<NextAuthHandler>[0]);
      return;
    }
    this.answered = true;
    if (partial) this.tried.push("(accepted, but more is asked for)");
    this.accepts = left;
    this.following(left).then(
      (candidate) => next(candidate ? candidate.method : END),
      (error: unknown) => {
        this.failure = error instanceof AcrnError ? error : undefined;
        next(END);
      },
    );
  };

  /** Whom the login waits for, if it is not the server. */
  get waiting(): string | undefined {
    return this.log.waiting;
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.log.hangUp?.();
  }

  /** The error of a login that failed. `reason`: what the server said when it hung up. */
  error(reason?: string): AcrnError {
    return this.failure ?? this.lockedKey() ?? this.refused(reason);
  }

  private async following(left: readonly string[]): Promise<Candidate | undefined> {
    this.offer ??= await candidates(this.connection, this.files, this.log);
    const { list } = this.offer;
    const listed = list.findIndex(({ kind }) => left.includes(kind));
    const index = listed < 0 && this.stale ? list.findIndex(({ kind }) => kind !== "publickey") : listed;
    if (index < 0) return undefined;
    const [candidate] = list.splice(index, 1) as [Candidate];
    this.tried.push(candidate.name);
    this.stale = candidate.method.type === "agent";
    return candidate;
  }

  /** A key that was meant to be used and could not be is the likelier reason than the keys that were refused. */
  private lockedKey(): AcrnError | undefined {
    if (this.accepts.length > 0 && !this.accepts.includes("publickey")) return undefined;
    const problem = this.offer?.problems[0];
    if (!problem) return undefined;
    const tried = this.tried.length > 0 ? `; refused: ${this.tried.join(", ")}` : "";
    return new AcrnError(problem.code, `${this.where}: ${problem.summary}${tried}${this.notes}`, {
      ...(problem.hint ? { hint: problem.hint } : {}),
      cause: problem,
    });
  }

  private refused(reason: string | undefined): AcrnError {
    const said = reason ? ` (${reason})` : "";
    const nothing =
      this.connection.password === undefined ? "there was nothing to try" : "the password was not asked for";
    const tried = this.tried.length > 0 ? `tried: ${this.tried.join(", ")}` : nothing;
    const accepts = this.accepts.length > 0 ? `; the server accepts ${this.accepts.join(", ")}` : "";
    return new AcrnError("ssh.auth", `${this.where} refused${said}; ${tried}${accepts}${this.notes}`, {
      hint: refusedHint(this.connection, { tried: this.tried, accepts: this.accepts, reason }),
    });
  }

  private get where(): string {
    return `${label(this.connection)}: login as ${this.connection.user}`;
  }

  private get notes(): string {
    return this.log.notes.map((note) => `; ${note}`).join("");
  }
}

/** ssh2 ends the login on `false`, which its types leave out. */
const END = false as unknown as Parameters<NextAuthHandler>[0];
