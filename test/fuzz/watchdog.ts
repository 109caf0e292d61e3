import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Growth } from "./growth";
import type { Job, Report } from "./loop";
import { INDEX, type Order, PULSE, type Start } from "./worker-types";

/** One input takes about a millisecond. What takes this long on a loaded machine hangs. */
const HANGS_MS = 20_000;
const LOOK_MS = 250;
/** Before the first input the thread compiles the product. */
const STARTS_MS = 60_000;

/** The input under way when nothing came any more. */
export class Hung extends Error {
  constructor(
    readonly index: number,
    how: string,
  ) {
    super(how);
  }
}

/** Runs targets in a thread of their own and looks after it: a hang, a full heap or a promise that nobody settles ends it, not us. */
export class Watchdog {
  #worker: Worker | undefined;
  /** What the thread's os.tmpdir() is: a thread that is ended cannot tidy up. In memory where that can be had. */
  #folder: string | undefined;
  readonly #beat = new Int32Array(new SharedArrayBuffer(8));

  /** @param table the module with the targets, from this folder */
  constructor(
    private readonly table: string,
    private readonly hangs = HANGS_MS,
  ) {}

  run(job: Job): Promise<Report> {
    return this.#ask({ what: "run", ...job }) as Promise<Report>;
  }

  grow(target: string): Promise<Growth[]> {
    return this.#ask({ what: "grow", target }) as Promise<Growth[]>;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #start(): Worker {
    this.#folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "acrn-fuzz-"));
    const start: Start = { table: this.table, beat: this.#beat.buffer as SharedArrayBuffer };
    // What the product says to the engine goes to stdout where there is no engine (lifecycle/engine-log.ts): thrown away here.
    const worker = new Worker(
      `require("ts-node/register/transpile-only"); require(${JSON.stringify(join(__dirname, "worker.ts"))});`,
      {
        eval: true,
        workerData: start,
        env: { ...process.env, TMPDIR: this.#folder },
        stdout: true,
        resourceLimits: { maxOldGenerationSizeMb: 1024 },
      },
    );
    worker.stdout.resume();
    return worker;
  }

  async #ask(order: Order): Promise<unknown> {
    const worker = this.#worker ?? this.#start();
    this.#worker = worker;
    Atomics.store(this.#beat, INDEX, -1);
    const gone = new AbortController();
    worker.postMessage(order);
    try {
      return await Promise.race([answer(worker, this.#beat, gone.signal), this.#silence(gone.signal)]);
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      gone.abort();
    }
  }

  /** Rejects when the same input is under way for too long. Counted in looks, so that a stopped machine is no hang. */
  #silence(over: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      let seen = -1;
      let looks = 0;
      const timer = setInterval(() => {
        const [index, pulse] = [INDEX, PULSE].map((at) => Atomics.load(this.#beat, at)) as [number, number];
        looks = pulse === seen ? looks + 1 : 0;
        seen = pulse;
        const limit = index < 0 ? STARTS_MS : this.hangs;
        if (looks * LOOK_MS >= limit) reject(new Hung(index, `nothing for ${limit / 1000} s`));
      }, LOOK_MS);
      over.addEventListener("abort", () => clearInterval(timer));
    });
  }
}

function answer(worker: Worker, beat: Int32Array, over: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const died = (how: string) => reject(new Hung(Atomics.load(beat, INDEX), how));
    const listeners = {
      message: resolve,
      error: (error: Error) => died(`the thread died: ${error.stack ?? error}`),
      exit: () => died("the thread ended: a promise that nothing settles, or process.exit"),
    };
    for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
    over.addEventListener("abort", () => {
      for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
    });
  });
}
