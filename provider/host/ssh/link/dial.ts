import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AcrnError } from "../../../core/errors";
import { printable } from "../errors";
import { label, type ResolvedConnection } from "../spec";
import { Connection } from "./connection";
import { handshake } from "./handshake";
import type { LinkTimes } from "./options";
import { connectTcp, refused, timedOut } from "./tcp";

export interface DialOptions {
  readFile: (path: string) => string | undefined;
  /** The connection to the jump host, shared with all that go through it. */
  jump?: Connection;
  times: LinkTimes;
  onClose: () => void;
}

/** Connects and logs in. */
export async function dial(to: ResolvedConnection, options: DialOptions): Promise<Connection> {
  const { jump } = options;
  jump?.hold();
  try {
    const deadline = performance.now() + to.connectTimeout * 1000;
    const stream = jump
      ? await through(jump, to, to.connectTimeout * 1000)
      : await connectTcp(to, to.connectTimeout * 1000);
    const left = Math.max(1, deadline - performance.now());
    const client = await handshake(to, stream, left, options.readFile);
    const way = jump ? { jump } : { socket: stream as Socket };
    return new Connection(client, { label: label(to), times: options.times, ...way }, options.onClose);
  } finally {
    jump?.release();
  }
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
    throw fromJump(to, error as Error & { reason?: unknown });
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
