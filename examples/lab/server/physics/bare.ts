import { mkdirSync } from "node:fs";
import type { Children } from "../children";
import type { Course } from "./booting";
import { Desk } from "./desk";
import { EventLog } from "./event-log";
import { GuestOs } from "./guest/os";
import type { GuestOsSpec } from "./guest/spec";
import type { Physics } from "./physics";
import { PowerState } from "./power";
import type { Front, PhysicsSpec, Power } from "./types";

export interface BareSpec extends Pick<PhysicsSpec, "bootMs" | "shutdownMs" | "watchdog" | "watchdogMs"> {
  name: string;
  dir: string;
  os: GuestOsSpec;
}

/** A machine without a hypervisor, or a VM of somebody else's: it may reset, and nothing but itself goes down with it. */
export class BareMachine extends EventLog implements Physics {
  boots = 1;
  readonly os: GuestOs;
  private readonly desk: Desk;
  private readonly power: PowerState;
  private readonly fronts: Front[] = [];

  /** @param folder one of the lab's own for this machine @param desk where its commands ring */
  constructor(
    private readonly spec: BareSpec,
    private readonly folder: string,
    desk: string,
    children: Children,
  ) {
    super();
    const { name, dir } = spec;
    this.os = new GuestOs({ nvram: true, ...spec.os, name, dir }, { folder, desk, children });
    this.os.carrier = {
      log: (event) => this.log(event.startsWith(`${name} `) ? event.slice(name.length + 1) : event),
      goDown: (how, asked = Promise.resolve()) => void this.leave(how, asked),
    };
    this.desk = new Desk(desk, (call) => {
      const [, command = "", ...args] = call.args; // before them its name
      this.os.answer({ ...call, command, args });
    });
    const times = { bootMs: spec.bootMs ?? 300, watchdogMs: spec.watchdog ? (spec.watchdogMs ?? 100) : undefined };
    const log = (event: string): void => this.log(event);
    const ends = {
      killed: () => {},
      dead: async () => this.os.stopped(false),
      load: () => this.load(),
      boot: () => this.boot(),
    };
    this.power = new PowerState({
      name,
      fronts: this.fronts,
      children,
      ...times,
      log,
      ...ends,
      booted: () => this.os.start(),
    });
  }

  /** @throws where a host is something else */
  static of(physics: unknown, name: string): BareMachine {
    if (physics instanceof BareMachine) return physics;
    throw new Error(`the lab host ${name} is no machine of its own: it has no os`);
  }

  stubs(): Record<string, string> {
    return this.os.stubs();
  }

  marks(): NodeJS.ProcessEnv {
    return this.os.marks();
  }

  attach(front: Front, environment: () => NodeJS.ProcessEnv): void {
    this.fronts.push(front);
    this.os.attach(front, environment);
  }

  /** It is on already, and has booted its default. */
  start(): void {
    mkdirSync(this.folder, { recursive: true });
    this.desk.open();
    const fate = this.os.load();
    if (fate.kind !== "up") throw new Error(`the lab host ${this.spec.name} boots nothing: ${fate.why}`);
    this.os.boot();
    this.os.start();
  }

  async close(): Promise<void> {
    this.os.stopped(false);
    this.desk.close();
    await this.power.abandon();
  }

  look(): void {
    this.os.look();
  }

  state(): { power: Power; boots: number } {
    return { power: this.power.now, boots: this.boots };
  }

  /** The power goes and comes back; resolves when it answers again, or hangs. */
  powerCut(): Promise<void> {
    return this.power.go("power-cut", undefined, () => "boot");
  }

  powerButton(): Promise<void> {
    return this.power.go("power-button", undefined, () => "boot");
  }

  settled(): Promise<void> {
    return this.power.settled();
  }

  private leave(how: "reset" | "off", asked: Promise<void>): Promise<void> {
    const pause = () => new Promise<void>((settle) => setTimeout(settle, this.spec.shutdownMs ?? 30));
    return this.power.go(how === "reset" ? "reboot" : "poweroff", asked.then(pause), () =>
      how === "reset" ? "boot" : "off",
    );
  }

  private load(): Course {
    const fate = this.os.load();
    if (fate.kind === "up" && fate.reachable) return { fate: "up", waitMs: 0, events: [] };
    if (fate.kind === "up") return this.alone();
    this.log(fate.kind === "hang" ? `hangs in boot: ${fate.why}` : `panics: ${fate.why}`);
    if (fate.kind === "reset") return { fate: "again", waitMs: fate.afterMs, events: [] };
    return { fate: "dark", waitMs: 0, events: [] };
  }

  /** It runs, and nobody can reach it: what its units do counts. */
  private alone(): Course {
    this.log("boots without a network");
    this.boot();
    this.os.start();
    return { fate: "dark", waitMs: 0, events: [] };
  }

  private boot(): void {
    this.boots++;
    this.os.boot();
  }
}
