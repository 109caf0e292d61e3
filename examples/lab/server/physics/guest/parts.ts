import type { Call } from "../desk";
import type { GrubSpec } from "../grub/spec";
import type { Translator } from "../translate";
import type { Units } from "../units";
import type { Carrier } from "./carrier";
import type { Fate } from "./fate";
import type { Chosen } from "./loaders/types";
import type { GuestIdentity, GuestOsSpec } from "./spec";
import type { Manager } from "./systemd/manager";

/** What the commands of a guest act on. */
export interface GuestParts {
  readonly spec: GuestOsSpec & GuestIdentity;
  /** May be changed at any time. */
  readonly grub: GrubSpec;
  readonly units: Units;
  readonly manager: Manager;
  readonly translator: Translator;
  /** What runs, as it was chosen; undefined before the first boot. */
  readonly booted: Chosen | undefined;
  readonly carrier: Carrier;
}

/** A guest's system, as what it runs on has it. */
export interface GuestSystem extends GuestParts {
  carrier: Carrier;
  /** From power-on or reset: the loader chooses, and what it starts goes its way. */
  load(bootArgs?: string): Fate;
  /** The kernel runs: its files, then what the early part of init does. */
  boot(): void;
  /** Units start, and with them what is to run by itself. */
  start(): void;
  /** Everything of it is gone. @param power with its power; else it was a reset */
  stopped(power: boolean): void;
  /** A reset as its kernel does it: with `reboot=t` the hypervisor takes it for a power-off. */
  leaves(how: "reset" | "off"): "reset" | "off";
  /** Later, unless it has gone meanwhile. */
  later(ms: number, then: () => void): void;
  /** A command of it. */
  answer(call: Call): void;
}
