import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** How a run of QEMU ended. */
export type End =
  /** The guest powered off. */
  | "powered-off"
  /** The guest reset a machine that must not (`-no-reboot`). */
  | "reset"
  /** The same by a triple fault (`reboot=t`), which acrn-dm takes for a power-off; QEMU's event does not tell the two apart. */
  | "triple-fault"
  /** By a signal of ours: as when the power goes. */
  | "killed"
  /** QEMU itself gave up; its words. */
  | { failed: string };

interface Message {
  event?: string;
  data?: { reason?: string };
  return?: unknown;
  error?: { desc: string };
}

/** One QEMU process with its monitor on stdin and stdout (QEMU Machine Protocol), so that nothing of it is left in a file system. */
export class Qemu {
  /** Resets since its start; one reboot can be two (seen with SeaBIOS). */
  resets = 0;
  readonly ended: Promise<End>;
  private reason: string | undefined;
  private words = "";
  private readonly answers: ((message: Message) => void)[] = [];
  private readonly child: ChildProcess;

  /** @param log file for what QEMU notes of resets */
  constructor(
    args: readonly string[],
    private readonly log: string,
  ) {
    const monitor = ["-chardev", "stdio,id=monitor,signal=off", "-mon", "chardev=monitor,mode=control"];
    // setpriv(1): should this process be killed, QEMU goes too
    const command = ["--pdeathsig", "KILL", "qemu-system-x86_64", ...args, ...monitor, "-d", "cpu_reset", "-D", log];
    this.child = spawn("setpriv", command, { stdio: ["pipe", "pipe", "pipe"] });
    const { stdin, stdout, stderr } = this.child;
    stdin?.on("error", () => undefined); // its end tells
    stderr?.on("data", (chunk: Buffer) => {
      this.words += chunk;
    });
    if (stdout) createInterface(stdout).on("line", (line) => this.take(JSON.parse(line)));
    this.ended = new Promise((settle) => {
      this.child.on("error", (error) => settle({ failed: error.message }));
      this.child.on("close", (_code, signal) => settle(this.end(signal)));
    });
    // at once: it tells no event before (QMP specification, "Capabilities Negotiation"); who asks next hears of a failure
    this.ask("qmp_capabilities").catch(() => undefined);
  }

  /** The port of the loopback address that QEMU chose for the guest's SSH (`hostfwd=tcp:127.0.0.1:0-:22`). */
  async port(): Promise<number> {
    const table = String(await this.ask("human-monitor-command", { "command-line": "info usernet" }));
    const port = /HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/.exec(table)?.[1];
    if (port === undefined) throw new Error(`QEMU forwards no port:\n${table}`);
    return Number(port);
  }

  /** SIGKILL: neither the guest nor QEMU may finish anything. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined;
  }

  private ask(execute: string, args: Record<string, string> = {}): Promise<unknown> {
    const answer = new Promise<Message>((settle) => this.answers.push(settle));
    this.child.stdin?.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    const gone = this.ended.then((): Message => ({ error: { desc: `it has ended: ${this.words.trim()}` } }));
    return Promise.race([answer, gone]).then((message) => {
      if (message.error) throw new Error(`QEMU, ${execute}: ${message.error.desc}`);
      return message.return;
    });
  }

  /** Events, QEMU QMP Reference Manual: SHUTDOWN tells by its reason what the guest did; under -no-reboot a reset is one too. */
  private take(message: Message): void {
    if (message.event === "SHUTDOWN") this.reason = message.data?.reason;
    else if (message.event === "RESET" && message.data?.reason === "guest-reset") this.resets++;
    else if ("return" in message || message.error) this.answers.shift()?.(message);
  }

  private end(signal: NodeJS.Signals | null): End {
    if (signal === "SIGKILL") return "killed";
    if (this.reason === "guest-shutdown") return "powered-off";
    // target/i386/tcg, check_exception: "Triple fault" in the log, and then the same request as for any reset
    if (this.reason === "guest-reset")
      return readFileSync(this.log, "latin1").includes("Triple fault") ? "triple-fault" : "reset";
    return { failed: this.words.trim() || `QEMU ended by ${signal ?? "itself"}` };
  }
}
