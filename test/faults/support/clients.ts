import { type ChildProcess, fork } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { FolderShell } from "../../../provider/host/folder";
import type { Answer, Job, Order } from "./client";
import { compiledClient } from "./compiled";

export type Ended = Extract<Answer, { is: "ended" }>;

/** One client process, from the outside. */
export class Client {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  readonly gone: Promise<void>;
  readonly phases: string[] = [];

  /** @param shell the machine's shell and commands: the client finds `sh` by PATH, as its own scripts do */
  private constructor({ path }: FolderShell) {
    this.child = fork(compiledClient(), {
      execArgv: [],
      env: path === undefined ? process.env : { ...process.env, PATH: path },
    });
    this.child.on("message", (answer: Answer) => this.hear(answer));
    this.gone = new Promise((settle) => this.child.once("exit", () => settle()));
  }

  static async start(shell: FolderShell = {}): Promise<Client> {
    const client = new Client(shell);
    await client.answer("up");
    return client;
  }

  async plan(key: number, job: Job): Promise<Answer> {
    return this.ask({ act: "plan", key, ...job }, `planned ${key}`);
  }

  async apply(key: number, dieAt?: number): Promise<Ended> {
    const order: Order = dieAt === undefined ? { act: "apply", key } : { act: "apply", key, dieAt };
    return (await this.ask(order, `ended ${key}`)) as Ended;
  }

  /** As the kernel does it: no handler runs. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.gone;
  }

  private ask(order: Order, wanted: string): Promise<Answer> {
    const answer = this.answer(wanted);
    this.child.send(order, () => undefined); // it may be dead already
    return answer;
  }

  /** Settles never when the client dies first: whoever kills it waits for `gone`. */
  private answer(wanted: string): Promise<Answer> {
    return new Promise((settle) => this.waiting.set(wanted, settle));
  }

  private hear(answer: Answer): void {
    if (answer.is === "phase") return void this.phases.push(answer.phase);
    const key = answer.is === "up" ? "" : ` ${answer.key}`;
    const names = answer.is === "ended" ? [`ended${key}`, `planned${key}`] : [`${answer.is}${key}`];
    const name = names.find((one) => this.waiting.has(one)) ?? "";
    this.waiting.get(name)?.(answer);
    this.waiting.delete(name);
  }
}

/** Waits until nothing that works on this tree is left: what a dead client started outlives it for a moment. */
export async function quiet(root: string): Promise<void> {
  while (workers(root).length > 0) await sleep(5);
}

function workers(root: string): string[] {
  return readdirSync("/proc").filter(
    (pid) => /^\d+$/.test(pid) && environment(pid).includes(`PULUMI_ACRN_ROOT=${root}`),
  );
}

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch {
    return []; // gone meanwhile
  }
}
