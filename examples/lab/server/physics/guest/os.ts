import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Children } from "../../children";
import { bootTree } from "../boot";
import type { Call } from "../desk";
import type { GrubSpec } from "../grub/spec";
import type { Physics } from "../physics";
import { Timers } from "../timers";
import { Translator } from "../translate";
import type { Front } from "../types";
import { Units } from "../units";
import type { Carrier } from "./carrier";
import { answer } from "./commands";
import { type Fate, fateOf, resetsByTripleFault } from "./fate";
import { Knobs } from "./knobs";
import { liveTexts } from "./live";
import { choose } from "./loaders";
import { loseVariables } from "./loaders/efi-vars";
import type { Chosen } from "./loaders/types";
import type { GuestSystem } from "./parts";
import { type GuestIdentity, type GuestOsSpec, grubOf } from "./spec";
import { guestOsStubs } from "./stubs";
import { applyAtBoot } from "./sysctl/command";
import { Manager } from "./systemd/manager";

/** Where a guest's system is in the lab. */
export interface Place {
  /** Stubs, scripts and logs of it, not its tree. */
  folder: string;
  /** Where its commands ring. */
  desk: string;
  children: Children;
}

/** The operating system of a guest: its boot loader, its kernel's files, its init. */
export class GuestOs implements GuestSystem, Physics {
  readonly os: GuestSystem = this;
  readonly grub: GrubSpec;
  readonly units: Units;
  readonly manager: Manager;
  readonly translator: Translator;
  booted: Chosen | undefined;
  carrier: Carrier = { log: () => {}, goDown: () => {} };
  private readonly timers = new Timers();
  private readonly knobs: Knobs;
  /** Of this process's clock, when the kernel that runs began. */
  private since: number | undefined;
  private environment: () => NodeJS.ProcessEnv = () => ({});

  constructor(
    readonly spec: GuestOsSpec & GuestIdentity,
    private readonly place: Place,
  ) {
    const { dir, secondMs = 1000 } = spec;
    const bin = join(place.folder, "bin");
    this.grub = grubOf(spec);
    this.knobs = new Knobs(dir, spec);
    this.translator = new Translator(dir, join(place.folder, "scripts"), bin);
    const around = { dir, bin, folder: join(place.folder, "units"), environment: () => this.environment() };
    this.units = new Units(around, place.children);
    const { units, timers } = this;
    const world = {
      dir,
      secondMs,
      units,
      timers,
      cmdline: () => this.line,
      log: (text: string) => this.carrier.log(`${spec.name} ${text}`),
    };
    this.manager = new Manager({ ...world, inside: (words) => this.inside(words) });
  }

  get systemd(): boolean {
    return (this.spec.init ?? "systemd") === "systemd";
  }

  /** The line of the kernel that runs. */
  get line(): string {
    return this.booted?.cmdline ?? "";
  }

  stubs(): Record<string, string> {
    const { spec, place, systemd } = this;
    return guestOsStubs({ ...spec, systemd }, place.desk);
  }

  /** Programs of the machine that the lab runs on, in its sbin folders, are none of the guest's. */
  marks(): NodeJS.ProcessEnv {
    const PATH = [join(this.place.folder, "bin"), "/usr/local/bin", "/usr/bin", "/bin"].join(":");
    return { PATH };
  }

  attach(_front: Front, environment: () => NodeJS.ProcessEnv): void {
    this.environment = environment;
  }

  look(): void {
    this.knobs.look();
    const up = this.since === undefined ? undefined : (performance.now() - this.since) / 1000;
    if (up !== undefined) put(this.spec.dir, "proc/uptime", `${up.toFixed(2)} 0.00\n`); // proc(5)
  }

  answer(call: Call): void {
    this.look();
    const said = this.spec.broken?.[call.command];
    if (said === undefined) return void answer(call, this);
    call.err(said);
    call.exit(1);
  }

  load(bootArgs?: string): Fate {
    const { spec, grub } = this;
    const choice = choose(spec.dir, { spec, grub, bootArgs, real: true });
    if ("nothing" in choice) return { kind: "hang", why: choice.nothing };
    this.booted = choice;
    if (choice.title !== "") this.carrier.log(`${spec.name} loads ${choice.title}`);
    return fateOf(choice, spec.dir, spec);
  }

  boot(): void {
    const { dir } = this.spec;
    if (!this.booted) return;
    // another kernel, or another line, may not have all of them
    for (const path of ["proc/sys", "sys/devices/system/machinecheck", "sys/kernel/realtime"])
      rmSync(join(dir, path), { recursive: true, force: true });
    bootTree(dir, this.systemd);
    this.since = performance.now();
    for (const [path, text] of Object.entries(liveTexts(this.booted, this.spec))) put(dir, path, text);
    this.knobs.reset(this.line);
    applyAtBoot(dir, this.systemd ? "systemd" : "procps");
  }

  start(): void {
    if (this.systemd) this.manager.boot();
  }

  stopped(power: boolean): void {
    this.timers.clear();
    this.units.clear();
    if (power && !this.spec.nvram) loseVariables(this.spec.dir);
  }

  leaves(how: "reset" | "off"): "reset" | "off" {
    return how === "reset" && resetsByTripleFault(this.line) ? "off" : how;
  }

  later(ms: number, then: () => void): void {
    this.timers.after(ms, then);
  }

  /** Paths in a unit's words lead into the tree, but in a text that knows its root. */
  private inside(words: readonly string[]): string[] {
    return words.map((word, at) => {
      if (at === 0 || word.includes("PULUMI_ACRN_ROOT")) return word;
      return this.translator.text(`\n${word}`, "").slice(1);
    });
  }
}

function put(dir: string, path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}
