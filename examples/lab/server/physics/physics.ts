import type { GuestSystem } from "./guest/parts";
import type { Guests } from "./guests";
import type { Front } from "./types";

/** What stands behind the SSH server of a host: a machine with its hypervisor, one without, or the system inside a VM. */
export interface Physics {
  /** What stands behind it in turn. */
  readonly guests?: Guests;
  /** What boots in it, where it has no hypervisor. */
  readonly os?: GuestSystem;
  /** Its commands: name to POSIX sh. */
  stubs(): Record<string, string>;
  /** What its processes have in their environment besides. */
  marks(): NodeJS.ProcessEnv;
  /** @param environment that of a process of root's */
  attach(front: Front, environment: () => NodeJS.ProcessEnv): void;
  /** The files say what is the case now; before a command. */
  look(): void;
}

export const isPhysics = (given: Physics | Readonly<Record<string, string>>): given is Physics =>
  typeof given.attach === "function";
