import { AcrnError } from "../../../core/errors";
import type { Login } from "../auth/login";
import { printable } from "../errors";
import { label, type ResolvedConnection } from "../spec";
import type { Greeting } from "./greeting";
import { passing } from "./retry";
import { timedOut } from "./tcp";

/** An error of ssh2, with the layer that it is from. */
export type LevelledError = Error & { level?: string };

/** What one handshake knows when it fails. */
export class Attempt {
  phase: "key exchange" | "login" = "key exchange";
  hostKeyError: AcrnError | undefined;

  constructor(
    private readonly to: ResolvedConnection,
    readonly login: Login,
    private readonly greeting: Greeting,
  ) {}

  /** `cause` is undefined when the stream closed without a word. */
  error(cause: LevelledError | undefined): AcrnError {
    if (this.hostKeyError) return this.hostKeyError;
    const said = cause && printable(cause.message);
    if (this.phase === "login" && /^Bad packet length/.test(said ?? "")) return this.tooLong(cause);
    const mute = cause === undefined && !this.login.answered;
    if (this.phase === "login" && cause?.level !== "client-socket" && !mute) {
      return this.login.error(cause?.level === "client-authentication" ? undefined : (said ?? "the server hung up"));
    }
    const cut = !cause || cause.level === "client-socket" || said === "Connection lost before handshake";
    if (cut && this.phase === "key exchange") return this.hungUp(cause);
    return new AcrnError("ssh.handshake", `${label(this.to)}: ${said ?? "the server hung up"} (${this.phase})`, {
      hint: /no matching/.test(said ?? "") ? this.mismatch() : this.hint(),
      ...(cause ? { cause } : {}),
    });
  }

  timedOut(): AcrnError {
    const waiting = this.login.waiting;
    if (waiting === undefined) return timedOut(this.to, undefined, this.phase);
    return new AcrnError("ssh.auth", `${label(this.to)}: ${waiting} within ${this.to.connectTimeout} s (login)`, {
      hint: "Confirm the key there if the agent asks for that, or start it anew; or name a key (privateKeyFile) and set agent: false. connectTimeout is the limit.",
    });
  }

  passwordExpired(): AcrnError {
    return new AcrnError("ssh.auth", `${label(this.to)}: login: the password of ${this.to.user} has expired`, {
      hint: `Set a new one on the machine (passwd ${this.to.user}), then correct \`password\`.`,
    });
  }

  /** Words of its own before it hung up: sshd's that it is full are worth another try, those of another kind of server are not. */
  private hungUp(cause: Error | undefined): AcrnError {
    const { words, identified } = this.greeting;
    const quoted = words === "" ? "" : `, saying: ${words}`;
    const how = cause && (cause as LevelledError).level === "client-socket" ? ` (${printable(cause.message)})` : "";
    const error = new AcrnError(
      "ssh.handshake",
      `${label(this.to)}: the server hung up${how}${quoted} (key exchange)`,
      { hint: this.hint(), ...(cause ? { cause } : {}) },
    );
    return identified || words === "" || /MaxStartups/i.test(words) ? passing(error) : error;
  }

  /** ssh2 takes no packet beyond what RFC 4253, section 6.1 demands of it; before the login only a banner is that long. */
  private tooLong(cause: Error | undefined): AcrnError {
    return new AcrnError(
      "ssh.handshake",
      `${label(this.to)}: the server sent a packet of more than 35000 bytes (login)`,
      {
        hint: "Shorten the file that Banner names in its sshd_config.",
        ...(cause ? { cause } : {}),
      },
    );
  }

  private hint(): string {
    const { host, port } = this.to;
    return `Check that an SSH server listens on port ${port} of ${host}, and that it is not overloaded (MaxStartups) or blocking this address; its log says more.`;
  }

  private mismatch(): string {
    return "The server knows only algorithms that are outdated, or that ssh_config leaves out (KexAlgorithms, Ciphers, MACs, HostKeyAlgorithms): update its sshd, or allow them there.";
  }
}
