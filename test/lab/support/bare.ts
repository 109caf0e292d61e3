import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BareMachine, type GuestOsSpec, type GuestSystem, type Lab, startLab } from "../../../examples/lab/lab";
import { Pool } from "../../../provider/host/ssh/pool";
import { type Outcome, run, until } from "../../host/ssh/support";

const NAME = "m";

/** A machine of its own with a system that boots, for one test. A second of it takes 5 ms. */
export class Bare {
  private constructor(
    readonly lab: Lab,
    private readonly dir: string,
  ) {}

  static async start(os: GuestOsSpec, watchdog = false): Promise<Bare> {
    const dir = mkdtempSync(join(tmpdir(), "acrn-guest-"));
    const host = {
      name: NAME,
      dir: join(dir, "tree"),
      os: { secondMs: 5, ...os },
      bootMs: 30,
      shutdownMs: 10,
      watchdog,
    };
    return new Bare(await startLab({ dir: join(dir, "lab"), hosts: [host] }), dir);
  }

  get machine(): BareMachine {
    return this.lab.host(NAME).bare;
  }

  get os(): GuestSystem {
    return this.machine.os;
  }

  get events(): readonly string[] {
    return this.machine.events;
  }

  on(command: string): Promise<Outcome> {
    return run(new Pool().transport(this.lab.connection(NAME)), command);
  }

  /** What a command that has to work prints. */
  async out(command: string): Promise<string> {
    const { out, err, exit } = await this.on(command);
    assert.equal(exit.code, 0, `${command}: ${err}`);
    return out;
  }

  /** Its connection may end before its status comes. */
  async reboot(event: string | RegExp = "boot"): Promise<void> {
    const from = this.events.length;
    await this.on("reboot").catch(() => undefined);
    await this.happened(event, from);
    await this.machine.settled();
  }

  happened(event: string | RegExp, from = 0): Promise<void> {
    const fits = (text: string) => (typeof event === "string" ? text === event : event.test(text));
    return until(() => this.events.slice(from).some(fits), `${event} (there was: ${this.events.join("; ")})`);
  }

  path(path: string): string {
    return join(this.dir, "tree", path);
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text, { mode });
  }

  get line(): string {
    return this.read("proc/cmdline").trim();
  }

  async close(): Promise<void> {
    await this.lab.close();
    assert.deepEqual(this.lab.processes(), [], "processes were left behind");
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** It ends with its test, whatever comes of it. */
export const withBare = (os: GuestOsSpec, work: (bare: Bare) => Promise<void>) => async (): Promise<void> => {
  const bare = await Bare.start(os);
  try {
    await work(bare);
  } finally {
    await bare.close();
  }
};
