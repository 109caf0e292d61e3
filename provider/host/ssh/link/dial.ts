import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AcrnError } from "../../../core/errors";
import type { KeyFiles } from "../auth/keys";
import { printable } from "../errors";
import { label, type ResolvedConnection } from "../spec";
import { Connection } from "./connection";
import { handshake } from "./handshake";
import { milliseconds } from "./milliseconds";
import type { LinkTimes } from "./options";
import { passing } from "./retry";
import { connectTcp, refused, timedOut } from "./tcp";

export interface DialOptions {
  files: KeyFiles;
  /** For everything until the login is done, in milliseconds. */
  timeoutMs: number;
  /** The connection to the jump host, shared with all that go through it. */
  jump?: Connection;
  times: LinkTimes;
  onClose: () => void;
}

/** Connects and logs in. */
export async function dial(to: ResolvedConnection, options: DialOptions): Promise<Connection> {
  const { jump, timeoutMs } = options;
  jump?.hold();
  try {
    const deadline = performance.now() + timeoutMs;
    const stream = jump ? await through(jump, to, timeoutMs) : await connectTcp(to, timeoutMs);
    const left = Math.max(1, deadline - performance.now());
    const client = await handshake(to, stream, left, options.files);
    const way = jump ? { stream, jump } : { stream, socket: stream as Socket };
    return new Connection(client, { label: label(to), times: timesOf(to, options.times), ...way }, options.onClose);
  } finally {
    jump?.release();
  }
}

/** ServerAliveInterval and ServerAliveCountMax of ssh_config, unless the pool has its own. */
function timesOf({ keepAlive: { interval, count } }: ResolvedConnection, times: LinkTimes): LinkTimes {
  return {
    ...(interval === undefined ? {} : { keepAliveMs: milliseconds(interval) }),
    ...(count === undefined ? {} : { keepAliveCount: count }),
    ...times,
  };
}

/** The jump host may wait for minutes for a machine whose firewall drops packets, and answer our keep-alive all the while. */
async function through(jump: Connection, to: ResolvedConnection, timeoutMs: number): Promise<Duplex> {
  const channel = jump.forward(to.host, to.port);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((settle) => {
    timer = setTimeout(() => settle(undefined), timeoutMs);
  });
  try {
    const stream = await Promise.race([channel, late]);
    if (stream) return stream;
  } catch (error) {
    const failure = fromJump(to, error as Error & { reason?: unknown });
    throw jump.closed ? passing(failure) : failure; // it ended while we asked: the next try makes a new one
  } finally {
    clearTimeout(timer);
  }
  channel.then(
    (unwanted) => unwanted.on("error", () => {}).destroy(),
    () => {},
  );
  throw timedOut(to, undefined, `connect via ${to.jump?.name ?? "the jump host"}`);
}

/** The jump host tells the reason as a number and a text (RFC 4254, section 5.1); 1 = administratively prohibited. */
function fromJump(to: ResolvedConnection, cause: Error & { reason?: unknown }): AcrnError {
  const via = to.jump?.name ?? "the jump host";
  if (cause.reason === 1) {
    return new AcrnError("ssh.connect.unreachable", `${label(to)}: ${via} does not forward to ${to.host}:${to.port}`, {
      hint: `Allow it there (AllowTcpForwarding, PermitOpen in sshd_config), or use another jump host.`,
      cause,
    });
  }
  const text = printable(cause.message);
  if (/refused/i.test(text)) return refused(to, cause);
  return new AcrnError(
    "ssh.connect.unreachable",
    `${label(to)}: ${via} cannot connect to ${to.host}:${to.port} (${text})`,
    {
      hint: `Check that ${via} reaches that address itself; the name is looked up there, not here.`,
      cause,
    },
  );
}
