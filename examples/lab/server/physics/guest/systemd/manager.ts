import type { Timers } from "../../timers";
import type { Unit, Units } from "../../units";
import { unmet } from "./conditions";
import { execWords, timeSpan } from "./exec";
import { everyUnit, findUnit, lastOf, namesOf, pulledBy, type UnitFile, valuesOf } from "./unit-file";

/** What PID 1 of a guest works on. */
export interface World {
  dir: string;
  secondMs: number;
  units: Units;
  timers: Timers;
  cmdline(): string;
  log(event: string): void;
  /** A command line of a unit as the lab runs it. */
  inside(words: readonly string[]): string[];
}

export type State = "active" | "inactive" | "failed";

/** Why a start came to nothing. */
export type Started = "ok" | "masked" | "not-found" | "failed";

/** systemd as PID 1: units by their files as it last read them, and what is active. */
export class Manager {
  private readonly states = new Map<string, State>();
  /** What was read at boot or by the last daemon-reload. */
  private read = new Map<string, UnitFile>();
  /** Whose end nobody asks about any more. */
  private readonly ended = new WeakSet<Unit>();

  constructor(private readonly world: World) {}

  /** default.target, and what it pulls in. */
  boot(): void {
    this.states.clear();
    this.reload();
    this.start("default.target");
  }

  /** Files count as they are now. */
  reload(): void {
    const { dir } = this.world;
    const all = everyUnit(dir).map((name) => [name, findUnit(dir, name)] as const);
    this.read = new Map(all.flatMap(([name, unit]) => (unit ? [[name, unit]] : [])));
  }

  /** As it was read; one that is new since is read now. */
  find(name: string): UnitFile | undefined {
    return this.read.get(name) ?? findUnit(this.world.dir, name);
  }

  /** The file says something else than what was read. */
  outdated(name: string): boolean {
    const [old, now] = [this.read.get(name), findUnit(this.world.dir, name)];
    return old !== undefined && (old.text !== now?.text || old.masked !== now.masked || old.path !== now.path);
  }

  id(name: string): string {
    const found = this.find(name);
    return found?.id ?? name;
  }

  state(name: string): State {
    return this.world.units.all.get(this.id(name))?.state ?? this.states.get(this.id(name)) ?? "inactive";
  }

  /** The unit's processes, while it has some. */
  running(name: string): Unit | undefined {
    return this.world.units.all.get(this.id(name));
  }

  active(): string[] {
    return [...this.states].filter(([, state]) => state === "active").map(([name]) => name);
  }

  /** A unit and what it pulls in; one that is active stays as it is. */
  start(name: string): Started {
    const unit = this.find(name);
    if (!unit) return "not-found";
    if (unit.masked) return "masked";
    if (this.state(unit.id) === "active") return "ok";
    const { dir, cmdline, log } = this.world;
    const missing = unmet(dir, unit, cmdline());
    if (missing !== undefined) {
      log(`skips ${unit.id}: ${missing}`);
      return "ok";
    }
    this.states.set(unit.id, "active"); // first, since units may name each other
    for (const other of pulledBy(dir, unit)) this.start(other);
    const required = namesOf(unit, "Unit", "Requires", "BindsTo");
    if (required.some((other) => this.state(other) !== "active") || this.refuses(unit)) return this.fail(unit);
    if (unit.id.endsWith(".timer")) this.wind(unit);
    if (unit.id.endsWith(".service")) this.run(unit);
    return "ok";
  }

  async stop(name: string): Promise<Started> {
    const unit = this.find(name);
    const own = this.world.units.all.get(this.id(name));
    if (!unit && !own) return "not-found";
    if (own) {
      this.ended.add(own);
      await this.world.units.stop(own);
    }
    this.states.set(this.id(name), "inactive");
    return "ok";
  }

  /** Active sockets, timers and paths that would start it again. */
  triggers(id: string): string[] {
    return this.active().filter((name) => {
      const unit = /\.(socket|timer|path)$/.test(name) ? this.find(name) : undefined;
      return unit !== undefined && this.triggered(unit) === id;
    });
  }

  forget(name: string): void {
    if (this.states.get(name) === "failed") this.states.delete(name);
    if (this.world.units.all.get(name)?.state === "failed") this.world.units.all.delete(name);
  }

  private triggered(unit: UnitFile): string {
    const [section, key] = unit.id.endsWith(".socket") ? ["Socket", "Service"] : ["Timer", "Unit"];
    return this.id(lastOf(unit, section as string, key as string) ?? unit.id.replace(/\.\w+$/, ".service"));
  }

  /** "Socket service %s not loaded, refusing" [src/core/socket.c: socket_start]; a timer likewise [src/core/timer.c: timer_start]. */
  private refuses(unit: UnitFile): boolean {
    if (!/\.(socket|timer)$/.test(unit.id)) return false;
    const service = this.find(this.triggered(unit));
    return service === undefined || service.masked;
  }

  private fail(unit: UnitFile): Started {
    this.states.set(unit.id, "failed");
    this.world.log(`failed ${unit.id}`);
    return "failed";
  }

  /** OnActiveSec= and OnBootSec=; calendars never come in the life of a lab. */
  private wind(timer: UnitFile): void {
    const spans = ["OnActiveSec", "OnBootSec", "OnStartupSec"].flatMap((key) => valuesOf(timer, "Timer", key));
    for (const span of spans) {
      const ms = timeSpan(span, this.world.secondMs);
      const fire = (): void => {
        if (this.state(timer.id) === "active") this.start(this.triggered(timer));
      };
      if (ms !== undefined) this.world.timers.after(ms, fire);
    }
  }

  /** A packaged service just runs; the programs of others are real processes. */
  private run(unit: UnitFile): void {
    const commands = valuesOf(unit, "Service", "ExecStart").map(execWords);
    if (unit.packaged || commands.length === 0) return;
    const oneshot = lastOf(unit, "Service", "Type") === "oneshot";
    const stays = /^(yes|true|1|on)$/.test(lastOf(unit, "Service", "RemainAfterExit") ?? "");
    const { units, log } = this.world;
    const made: Unit = { name: unit.id, state: "active", status: 0, collect: true };
    units.all.set(unit.id, made);
    const next = (): void => {
      const command = commands.shift();
      if (!command) return;
      units.spawn(made, this.world.inside(command.words), environmentOf(unit), (status) => {
        if (this.ended.has(made)) return;
        const bad = status !== 0 && !command.mayFail;
        log(`${unit.id} ended with ${status}`);
        this.states.set(unit.id, bad ? "failed" : stays ? "active" : "inactive");
        if (bad || commands.length === 0 || !oneshot) return;
        units.all.set(unit.id, Object.assign(made, { state: "active" }));
        this.states.set(unit.id, "active");
        next();
      });
    };
    next();
  }
}

function environmentOf(unit: UnitFile): { env: Record<string, string>; cwd?: string } {
  const words = valuesOf(unit, "Service", "Environment").flatMap((line) => execWords(line).words);
  const env = Object.fromEntries(
    words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
  );
  const cwd = lastOf(unit, "Service", "WorkingDirectory");
  return { env, ...(cwd !== undefined && { cwd }) };
}
