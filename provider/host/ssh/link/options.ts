import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** The connection below this one: it stays as long as something runs above it. */
export interface Held {
  hold(): void;
  release(): void;
}

export interface LinkTimes {
  /** How long a connection stays after its last command, in milliseconds. @default 2000 */
  idleMs?: number;
  /** How often a silent peer is asked whether it still lives while a command runs, in milliseconds. @default 15000 */
  keepAliveMs?: number;
  /** How many questions without answer mean that the peer is gone. @default 3 */
  keepAliveCount?: number;
  /**
   * How long the server may take to start a command, in milliseconds. PAM may take long (a home that is mounted, logind's 25 s); one that
   * answers keep-alive and never this would otherwise hold us for ever. @default 60000
   */
  startMs?: number;
  /** How long a server may take to close a session that is over, in milliseconds. @default 5000 */
  closeMs?: number;
}

export interface LinkOptions {
  label: string;
  /** What the link runs over: the socket, or a channel of the jump host's connection. */
  stream: Duplex;
  /** The socket to release when idle; none when the link goes through `jump`. */
  socket?: Socket;
  jump?: Held;
  times: LinkTimes;
}
