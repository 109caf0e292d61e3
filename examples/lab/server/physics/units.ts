import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Children, UNIT_MARK } from "../children";
import type { Call } from "./desk";
import type { UnitRequest } from "./systemd-run-args";

export interface Unit {
  name: string;
  state: "active" | "inactive" | "failed";
  /** Of its main process, while it runs; unknown where the caller of systemd-run is its parent. */
  pid?: number;
  status: number;
  collect: boolean;
}

/** What a unit's processes find around them. */
export interface Surroundings {
  dir: string;
  bin: string;
  /** Where output and command files go. */
  folder: string;
  environment(): NodeJS.ProcessEnv;
}

/** The transient units of a host: they outlive the session that asked for them, and end with all of their processes. */
export class Units {
  readonly all = new Map<string, Unit>();
  /** By the file that the caller of systemd-run runs. */
  private readonly lent = new Map<string, Unit>();

  constructor(
    private readonly around: Surroundings,
    private readonly children: Children,
  ) {}

  /** systemd-run(1). */
  run(request: UnitRequest, call: Call): void {
    const { unit: name, collect, words } = request;
    const old = this.all.get(name);
    if (old && old.state !== "inactive") {
      call.err(`Failed to start transient service unit: Unit ${name} was already loaded or has a fragment file.`);
      return void call.exit(1);
    }
    const unit: Unit = { name, state: "active", status: 0, collect };
    this.all.set(name, unit);
    if (!request.quiet) call.err(`Running as unit: ${name}`);
    if (request.pipe) return void this.lend(unit, request, call);
    this.spawn(unit, words, request, (status) => {
      if (request.wait) call.exit(status);
    });
    if (!request.wait) call.exit(0);
  }

  /** Runs words as (a further process of) a unit. */
  spawn(unit: Unit, words: readonly string[], more: Partial<UnitRequest>, ended: (status: number) => void): void {
    mkdirSync(this.around.folder, { recursive: true });
    const log = openSync(join(this.around.folder, `${unit.name}.log`), "a");
    const [program = "", ...args] = this.program(words);
    const cwd = this.inside(more.cwd ?? "/");
    const env = { ...this.environment(unit), ...more.env };
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    if (child.pid !== undefined) unit.pid = child.pid;
    this.children.add(child);
    let over = false;
    const end = (status: number): void => {
      if (!over) ended(this.end(unit, status));
      over = true;
    };
    child.once("exit", (code) => end(code ?? 255));
    child.once("error", () => end(203)); // systemd.exec(5): EXIT_EXEC
  }

  /** A unit whose process the caller of systemd-run starts has ended. */
  returned(file: string, status: number, call: Call): void {
    const unit = this.lent.get(file);
    this.lent.delete(file);
    call.exit(unit ? this.end(unit, status) : status);
  }

  /** SIGTERM, then SIGKILL for what is left; KillMode=control-group, systemd.kill(5). */
  async stop(unit: Unit): Promise<void> {
    const mark = `${UNIT_MARK}=${unit.name}`;
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      this.children.signal(signal, mark);
      for (let round = 0; round < 10 && this.children.marked(mark).length > 0; round++) await pause(20);
    }
    this.all.delete(unit.name);
  }

  clear(): void {
    this.all.clear();
    this.lent.clear();
  }

  private end(unit: Unit, status: number): number {
    delete unit.pid;
    unit.status = status;
    this.children.signal("SIGKILL", `${UNIT_MARK}=${unit.name}`);
    unit.state = status === 0 ? "inactive" : "failed";
    if ((status === 0 || unit.collect) && this.all.get(unit.name) === unit) this.all.delete(unit.name);
    return status;
  }

  private lend(unit: Unit, request: UnitRequest, call: Call): void {
    mkdirSync(this.around.folder, { recursive: true });
    const file = join(this.around.folder, `${call.pid}-${unit.name}.sh`);
    const exports = Object.entries({ ...request.env, [UNIT_MARK]: unit.name });
    const lines = [
      ...exports.map(([name, value]) => `export ${name}=${quoted(value)}`),
      `cd ${quoted(this.inside(request.cwd ?? "/"))}`,
      `exec ${this.program(request.words).map(quoted).join(" ")}`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    this.lent.set(file, unit);
    call.go(file);
  }

  private environment(unit: Unit): NodeJS.ProcessEnv {
    return { ...this.around.environment(), [UNIT_MARK]: unit.name };
  }

  private inside(path: string): string {
    const { dir } = this.around;
    const inside = path.startsWith(dir) ? path : join(dir, path);
    return existsSync(inside) ? inside : dir;
  }

  /** The program that systemd would execute, as the lab has it: a stub, or a script of the tree by way of its interpreter's stub. */
  private program([word = "", ...rest]: readonly string[]): string[] {
    const { dir, bin } = this.around;
    const stub = join(bin, word.replace(/^\/(usr\/)?(local\/)?s?bin\//, ""));
    if (!/\/$/.test(stub) && existsSync(stub)) return [stub, ...rest];
    const inside = word.startsWith(`${dir}/`) ? word : join(dir, word);
    if (!word.startsWith("/") || !existsSync(inside) || !statSync(inside).isFile()) return [word, ...rest];
    const shell = /^#!.*\b(bash|sh)\b/.exec(readFileSync(inside, "latin1"))?.[1];
    return shell === undefined ? [inside, ...rest] : [join(bin, shell), inside, ...rest];
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const pause = (ms: number): Promise<void> => new Promise((settle) => setTimeout(settle, ms));
