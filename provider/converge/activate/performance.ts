import type { Target } from "../../host/types";
import type { Shutdown } from "../../resources/activation";
import type { Connection } from "../../resources/host-settings";

export interface Limits {
  /** Seconds until a guest that agreed must be off. @default 120 */
  powerOff: number;
  /** Seconds until a launch must have an acrn-dm that stays. @default 60 */
  launch: number;
  /** Seconds until the machine must be back. @default 600 */
  reboot: number;
}

/** What the acts on one machine need. */
export interface Performance {
  target: Target;
  /** Who we are, for whoever meets the lock. */
  owner: string;
  connection: Connection;
  guests: Readonly<Record<string, Shutdown>>;
  limits: Limits;
  /** See `AloneOptions`. */
  patience?: number;
  progress(what: string): void;
}
