import type { Gauge } from "./gauge";

export type Direction = "to-server" | "to-client";

/**
 * What each end sees of a cut.
 * - both: the connection ends, as when a router sends resets or sshd is killed.
 * - silent: the client's end is gone and the server is not told, as when the client's machine loses its power; the session there goes on
 *   until `release`, which stands for TCP's keep-alive or ClientAliveInterval.
 */
export type CutManner = "both" | "silent";

export interface Cut {
  direction: Direction;
  /** So many bytes of that direction pass, or as many as a gauge finds (`packetEnd`). */
  after: number | (() => Gauge);
  /** Counted on new connections from their start, or on all that are open or come, from now on. @default "start" */
  from?: "start" | "now";
  /** @default "both" */
  manner?: CutManner;
  /** So many connections are cut; later ones are not. @default 1 */
  connections?: number;
}

/** Whom a kill hits: the process that commits, the one that holds the lock and talks to the client, or both. */
export type Victim = "runner" | "holder" | "both";

export interface Kill {
  /** Which line of the journal: its number from 1, or how it begins (`commit`, `swapped 2`). */
  at: number | string;
  /** @default "runner" */
  whom?: Victim;
}

/** What can be made to go wrong on a lab host, at any time while it runs. */
export interface Faults {
  /** Milliseconds before each command starts. */
  delayMs: number;
  /** Milliseconds that every byte is under way, each way. */
  latencyMs: number;
  /** True: no login succeeds, whatever is offered. */
  refuseLogin: boolean;
  /** From now on the host has another key, as after a new installation. */
  changeHostKey(): void;
  /** Cuts a connection at a byte; until `heal` or until so many were cut. */
  cut(cut: Cut): void;
  /** How many connections were cut so far. */
  readonly cuts: number;
  /** The server learns of silent cuts. */
  release(): void;
  /** The remote script is killed at a step of its transaction; once. */
  killScript(kill: Kill): void;
  /** How often it was since that was asked: 0 or 1. */
  readonly kills: number;
  /** Everything works again, but for what was cut or killed already and a host key that changed. */
  heal(): void;
}
