import type { Duplex } from "node:stream";
import { Client, type ServerHostKeyAlgorithm } from "ssh2";
import { AcrnError } from "../../../core/errors";
import { Login } from "../auth/login";
import { printable } from "../errors";
import { hostKeyCheck } from "../host-key";
import { label, type ResolvedConnection } from "../spec";
import { timedOut } from "./tcp";

type ReadFile = (path: string) => string | undefined;

/** Key exchange, host key and login over a stream that is connected. Ends the stream when it fails. */
export function handshake(
  to: ResolvedConnection,
  stream: Duplex,
  timeoutMs: number,
  readFile: ReadFile,
): Promise<Client> {
  const hostKey = hostKeyCheck(to, readFile);
  const client = new Client();
  const attempt = new Attempt(to, new Login(to, readFile));
  return new Promise((settle, reject) => {
    const fail = (error: AcrnError): void => {
      clearTimeout(timer);
      deafen(client);
      stream.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(timedOut(to, undefined, attempt.phase)), timeoutMs);
    client.on("handshake", () => {
      attempt.phase = "login";
    });
    client.on("change password", () => fail(attempt.passwordExpired()));
    client.on("error", (error: Error & { level?: string }) => {
      // A key that the agent cannot sign with is one refused candidate; ssh2 goes on with the next.
      if (error.level !== "agent") fail(attempt.error(error));
    });
    client.on("close", () => fail(attempt.error(undefined)));
    client.once("ready", () => {
      clearTimeout(timer);
      deafen(client);
      settle(client);
    });
    client.connect({
      sock: stream,
      username: to.user,
      readyTimeout: 0,
      algorithms: { serverHostKey: hostKey.algorithms as ServerHostKeyAlgorithm[] },
      hostVerifier: (key: Buffer): boolean => {
        attempt.hostKeyError = hostKey.verify(key);
        return attempt.hostKeyError === undefined;
      },
      authHandler: attempt.login.handler,
    });
  });
}

/** ssh2 may emit more errors at any time, and an unheard one would end the process. */
function deafen(client: Client): void {
  client.removeAllListeners();
  client.on("error", () => {});
}

/** What one handshake knows when it fails. */
class Attempt {
  phase: "key exchange" | "login" = "key exchange";
  hostKeyError: AcrnError | undefined;

  constructor(
    private readonly to: ResolvedConnection,
    readonly login: Login,
  ) {}

  error(cause: (Error & { level?: string }) | undefined): AcrnError {
    if (this.hostKeyError) return this.hostKeyError;
    const said = cause && printable(cause.message);
    if (this.phase === "login" && cause?.level !== "client-socket") {
      return this.login.error(cause?.level === "client-authentication" ? undefined : (said ?? "the server hung up"));
    }
    return new AcrnError("ssh.handshake", `${label(this.to)}: ${said ?? "the server hung up"} (${this.phase})`, {
      hint:
        `Check that an SSH server listens on port ${this.to.port} of ${this.to.host}, and that it is not overloaded ` +
        "(MaxStartups) or blocking this address; its log says more.",
      ...(cause ? { cause } : {}),
    });
  }

  passwordExpired(): AcrnError {
    return new AcrnError("ssh.auth", `${label(this.to)}: the password of ${this.to.user} has expired`, {
      hint: `Set a new one on the machine (passwd ${this.to.user}), then correct \`password\`.`,
    });
  }
}
