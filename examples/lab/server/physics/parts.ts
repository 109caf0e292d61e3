import type { Acrnd } from "./acrnd";
import type { GrubSpec } from "./grub/spec";
import type { Guests } from "./guests";
import type { BootedImage } from "./image";
import type { Translator } from "./translate";
import type { PhysicsSpec } from "./types";
import type { Units } from "./units";
import type { Vm, Vms } from "./vms";

export interface MachineSpec extends PhysicsSpec {
  name: string;
  /** The file tree. */
  dir: string;
}

/** What the commands of a machine act on. */
export interface MachineParts {
  readonly spec: MachineSpec;
  readonly image: BootedImage;
  readonly table: Vms;
  readonly guests: Guests;
  readonly units: Units;
  readonly acrnd: Acrnd;
  readonly translator: Translator;
  readonly grub: GrubSpec;
  log(event: string): void;
  /** @param asked when whoever asked has heard the answer */
  reboot(asked?: Promise<void>): Promise<void>;
  powerOff(asked?: Promise<void>): Promise<void>;
  coldReset(by: string): Promise<void>;
  later(ms: number, vm: Vm, then: () => void): void;
}
