import { bootTree, putKernel } from "./boot";
import { bootedBy, booting, type Course, courseOf, type Start } from "./booting";
import type { GrubSpec } from "./grub/spec";
import type { BootedImage } from "./image";
import type { Booted, PhysicsSpec } from "./types";

/** What of a machine runs before its system does: GRUB, and what it started. */
export class Firmware {
  /** May be changed at any time. */
  readonly grub: GrubSpec;
  private started: Start;

  /** The machine is on already: it has booted its default. */
  constructor(
    private readonly spec: PhysicsSpec & { dir: string },
    private readonly log: (event: string) => void,
  ) {
    this.grub = { ...spec.grub };
    this.started = booting(spec.dir, this.grub, false);
  }

  /** What the booted hypervisor was made from: without a menu, the record as it was at boot. */
  get image(): BootedImage {
    return this.started.image;
  }

  get booted(): Booted | undefined {
    return bootedBy(this.started);
  }

  /** GRUB chooses, and what it starts goes its way. */
  load(): Course {
    this.started = booting(this.spec.dir, this.grub, true);
    const course = courseOf(this.started);
    for (const event of course.events) this.log(event);
    return course;
  }

  /** The files of the boot. */
  boot(): void {
    bootTree(this.spec.dir, this.spec.init === "systemd");
    if (this.started.from) putKernel(this.spec.dir, this.started.from);
  }
}
