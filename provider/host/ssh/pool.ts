import { createHash } from "node:crypto";
import { AcrnError } from "../../core/errors";
import type { ExecOptions, RemoteProcess, Transport } from "../types";
import { type SshEnvironment, systemEnvironment } from "./env";
import type { Connection } from "./link/connection";
import { dial } from "./link/dial";
import type { LinkTimes } from "./link/options";
import { lasting, type RetryOptions, withRetries } from "./link/retry";
import { Gone } from "./link/slots";
import { resolve } from "./resolve";
import { type ConnectionSpec, label, type ResolvedConnection } from "./spec";

export interface PoolOptions extends LinkTimes, RetryOptions {
  env?: SshEnvironment;
}

/** One connection per endpoint, user and way to log in; made when it is needed, shared, made again after a loss. */
export class Pool {
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly env: SshEnvironment;

  constructor(private readonly options: PoolOptions = {}) {
    this.env = options.env ?? systemEnvironment();
  }

  /** Looks the connection up (throws on a wrong specification or ssh_config) and dials nothing yet. */
  transport(spec: ConnectionSpec): Transport {
    const resolved = resolve(spec, this.env);
    return new SshTransport(label(resolved), this.endpoint(resolved));
  }

  private endpoint(resolved: ResolvedConnection): Endpoint {
    // A digest: the key would otherwise be a second place that holds the secrets.
    const key = createHash("sha256").update(JSON.stringify(resolved)).digest("hex");
    const known = this.endpoints.get(key);
    if (known) return known;
    const jump = resolved.jump ? this.endpoint(resolved.jump) : undefined;
    const endpoint = new Endpoint(resolved, jump, this.env, this.options);
    this.endpoints.set(key, endpoint);
    return endpoint;
  }
}

/** Never dials twice at the same time: who comes meanwhile shares the attempt and its error. */
class Endpoint {
  private current: Promise<Connection> | undefined;

  constructor(
    private readonly to: ResolvedConnection,
    private readonly jump: Endpoint | undefined,
    private readonly env: SshEnvironment,
    private readonly options: PoolOptions,
  ) {}

  connection(): Promise<Connection> {
    if (this.current) return this.current;
    const dialling: Promise<Connection> = this.dial(() => {
      if (this.current === dialling) this.current = undefined;
    });
    this.current = dialling;
    dialling.catch(() => {
      if (this.current === dialling) this.current = undefined;
    });
    return dialling;
  }

  private dial(onClose: () => void): Promise<Connection> {
    return withRetries(this.to, this.options, async (timeoutMs) => {
      const jump = await this.jumpHost();
      const { env, options: times } = this;
      return dial(this.to, { files: env, timeoutMs, onClose, ...(jump ? { jump } : {}), times });
    });
  }

  private async jumpHost(): Promise<Connection | undefined> {
    try {
      return await this.jump?.connection();
    } catch (error) {
      if (!(error instanceof AcrnError)) throw error;
      throw lasting(error.within(`${label(this.to)}: via jump ${this.to.jump?.name}`));
    }
  }
}

class SshTransport implements Transport {
  constructor(
    readonly label: string,
    private readonly endpoint: Endpoint,
  ) {}

  /** Read or resume() both outputs: as with a local pipe, a command waits for its reader, and its session stays open. */
  async exec(command: string, options?: ExecOptions): Promise<RemoteProcess> {
    for (let attempt = 1; ; attempt++) {
      const connection = await this.endpoint.connection().catch(connecting);
      try {
        return await connection.exec(command, options);
      } catch (error) {
        if (!(error instanceof Gone)) throw error;
        if (attempt === 2) throw goneAgain(this.label);
        // The connection had ended between two commands: nothing was sent, so a new one may be tried.
      }
    }
  }
}

function connecting(error: unknown): never {
  throw error instanceof AcrnError ? error.within("connect") : error;
}

function goneAgain(name: string): AcrnError {
  return new AcrnError(
    "ssh.handshake",
    `connect: ${name}: the server closed the connection right after the login, twice`,
    {
      hint: "Its sshd log says why (an account that may not log in, a full disk, a limit of processes).",
    },
  );
}

let shared: Pool | undefined;

/** A transport of the process's pool. */
export function getTransport(spec: ConnectionSpec): Transport {
  shared ??= new Pool();
  return shared.transport(spec);
}
