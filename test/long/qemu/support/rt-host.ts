import type { Machine } from "./machine";

/**
 * Stands for the host of an RTVM: it runs the launch script again after the VM has powered off. A reset is not its to mend: on real hardware
 * that was a cold reset of the whole machine, host included.
 */
export class RtHost {
  launches = 0;
  /** The RTVM reset: the whole machine went down. */
  wentDown = false;
  private stopping = false;
  private watching: Promise<void> = Promise.resolve();

  constructor(private readonly machine: Pick<Machine, "start" | "ended">) {}

  /** Launches, and again whenever the VM has powered off, or has had the triple fault that acrn-dm takes for it. */
  async launch(): Promise<void> {
    this.stopping = false;
    this.launches++;
    await this.machine.start();
    this.watching = this.watch();
    this.watching.catch(() => {}); // `again` and `stop` tell
  }

  /** Waits until the VM has gone and was launched again. Fails when it was not. */
  async again(): Promise<void> {
    const before = this.launches;
    await this.watching;
    if (this.launches > before) return;
    throw new Error(this.wentDown ? "the RTVM reset, and the whole machine went down with it" : "the RTVM stays off");
  }

  /** Leaves the VM off when it goes next, and waits for that; it ends nothing. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.watching;
  }

  private async watch(): Promise<void> {
    const end = await this.machine.ended(24 * 3600);
    if (end === "reset") this.wentDown = true;
    if ((end === "powered-off" || end === "triple-fault") && !this.stopping) await this.launch();
  }
}
