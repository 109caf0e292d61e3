import { type Children, HOST_MARK } from "../children";
import type { Course } from "./booting";
import type { Front, Power } from "./types";

/** What the power of a machine switches. */
export interface Switched {
  name: string;
  fronts: readonly Front[];
  children: Children;
  bootMs: number;
  /** From dark to the watchdog's reset; undefined: nothing watches. */
  watchdogMs?: number | undefined;
  log(event: string): void;
  /** All processes are gone. */
  killed(): void;
  /** All VMs are gone. */
  dead(): Promise<void>;
  /** GRUB chooses, and what it starts goes its way. */
  load(): Course;
  /** The files of a new boot. */
  boot(): void;
  /** Logins are possible. */
  booted(): void;
}

/** On, off, dark, and the ways between; the last order counts. */
export class PowerState {
  now: Power = "up";
  private turn = 0;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly machine: Switched) {}

  /** Once nothing is under way any more. */
  async settled(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.work; ) {
      seen = this.work;
      await seen;
    }
  }

  /** Whatever is under way ends where it is. */
  async abandon(): Promise<void> {
    this.turn++;
    await this.work;
  }

  /** @param grace until then connections and processes stay @param to what comes of it, decided when they have ended */
  go(event: string, grace: Promise<void> | undefined, to: () => "boot" | "dark" | "off"): Promise<void> {
    const turn = ++this.turn;
    const before = this.work;
    this.machine.log(event);
    if (!grace) this.now = "off";
    this.work = this.fall(turn, grace, to, before);
    return this.settled();
  }

  private async fall(
    turn: number,
    grace: Promise<void> | undefined,
    to: () => "boot" | "dark" | "off",
    before: Promise<void>,
  ) {
    const { machine } = this;
    const stale = () => turn !== this.turn;
    await grace;
    const down = () => Promise.all(machine.fronts.map((front) => front.down()));
    await Promise.all([before, down()]);
    await down(); // what was before may have been about to answer again
    await machine.children.endMarked(`${HOST_MARK}=${machine.name}`);
    if (stale()) return;
    machine.killed();
    const next = to();
    this.now = next === "boot" ? "booting" : next;
    if (next === "dark") return this.dark(turn);
    if (next !== "boot") machine.log(next);
    await machine.dead();
    if (next !== "boot" || !(await this.start(turn))) return;
    machine.boot();
    for (const front of machine.fronts) await front.up();
    if (stale()) return;
    this.now = "up";
    machine.log("boot");
    machine.booted();
  }

  /** From reset until the Service VM's kernel runs; false: it does not come to that. */
  private async start(turn: number): Promise<boolean> {
    for (;;) {
      await pause(this.machine.bootMs);
      if (turn !== this.turn) return false;
      const { fate, waitMs } = this.machine.load();
      await pause(waitMs);
      if (turn !== this.turn) return false;
      if (fate === "up") return true;
      if (fate === "again") continue;
      this.dark(turn);
      return false;
    }
  }

  /** Nobody feeds a watchdog any more, if there is one. */
  private dark(turn: number): void {
    const { watchdogMs } = this.machine;
    this.now = "dark";
    this.machine.log("dark");
    if (watchdogMs === undefined) return;
    const bite = (): void => {
      if (turn === this.turn) void this.go("watchdog", undefined, () => "boot");
    };
    setTimeout(bite, watchdogMs).unref();
  }
}

const pause = (ms: number): Promise<void> => new Promise((settle) => setTimeout(settle, ms));
