import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Algorithms, Client, type ServerHostKeyAlgorithm } from "ssh2";
import type { KeyFiles } from "../auth/keys";
import { Login } from "../auth/login";
import { Unsigned } from "../auth/signing";
import { hostKeyCheck } from "../host-key";
import type { ResolvedConnection } from "../spec";
import { Attempt, type LevelledError } from "./attempt";
import { Greeting } from "./greeting";

/** Key exchange, host key and login over a stream that is connected. Ends the stream when it fails. */
export function handshake(to: ResolvedConnection, stream: Duplex, timeoutMs: number, files: KeyFiles): Promise<Client> {
  const address = stream instanceof Socket ? stream.remoteAddress : undefined;
  const hostKey = hostKeyCheck(to, files.readFile, address);
  const client = new Client();
  const greeting = new Greeting();
  const attempt = new Attempt(to, new Login(to, files), greeting);
  return new Promise((settle, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      attempt.login.end();
      deafen(client);
    };
    const fail = (error: Error): void => {
      end();
      stream.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(attempt.timedOut()), timeoutMs);
    client.on("handshake", () => {
      attempt.phase = "login";
    });
    client.on("change password", () => fail(attempt.passwordExpired()));
    client.on("error", (error: LevelledError) => {
      // A key that cannot sign is one refused candidate; ssh2 goes on with the next.
      if (error.level !== "agent" && !(error instanceof Unsigned)) fail(attempt.error(error));
    });
    client.on("close", () => fail(attempt.error(undefined)));
    client.once("ready", () => {
      end();
      settle(client);
    });
    client.connect({
      sock: stream,
      username: to.user,
      readyTimeout: 0,
      algorithms: algorithms(to, hostKey.algorithms),
      hostVerifier: (key: Buffer): boolean => {
        attempt.hostKeyError = hostKey.verify(key);
        return attempt.hostKeyError === undefined;
      },
      authHandler: attempt.login.handler,
    });
    greeting.listen(client);
  });
}

function algorithms({ algorithms: { kex, cipher, mac } }: ResolvedConnection, hostKey: readonly string[]): Algorithms {
  return {
    serverHostKey: [...hostKey] as ServerHostKeyAlgorithm[],
    ...(kex ? { kex: [...kex] as NonNullable<Algorithms["kex"]> } : {}),
    ...(cipher ? { cipher: [...cipher] as NonNullable<Algorithms["cipher"]> } : {}),
    ...(mac ? { hmac: [...mac] as NonNullable<Algorithms["hmac"]> } : {}),
  };
}

/** ssh2 may emit more errors at any time, and an unheard one would end the process. */
function deafen(client: Client): void {
  client.removeAllListeners();
  client.on("error", () => {});
}
