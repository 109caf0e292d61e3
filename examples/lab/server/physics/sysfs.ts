import { SvmCpus } from "./cpus";
import { Gpus } from "./gpu";
import type { BootedImage } from "./image";

/** What of /sys scripts write by themselves: the kernel's answer follows. */
export class Sysfs {
  readonly cpus: SvmCpus;
  private readonly gpus: Gpus;

  constructor(dir: string, image: BootedImage) {
    this.cpus = new SvmCpus(dir, image);
    this.gpus = new Gpus(dir);
  }

  reconcile(): void {
    this.cpus.reconcile();
    this.gpus.reconcile();
  }

  boot(image: BootedImage): void {
    this.cpus.restore(image);
    this.gpus.boot();
  }

  watch(): void {
    this.cpus.watch();
  }

  unwatch(): void {
    this.cpus.unwatch();
  }
}
