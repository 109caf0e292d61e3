import { AcrnError } from "../../core/errors";
import { powerScript } from "../scripts/power";
import { Session } from "../session";
import type { Target } from "../types";

/** One acrn-dm: a pid alone may be another process by now. */
export interface DeviceModel {
  pid: number;
  /** Clock ticks after boot, proc(5). */
  started: string;
}

/** Asks and answers of the power script, one at a time, over one session. */
export class PowerSession {
  private constructor(private readonly session: Session) {}

  static async open(target: Target): Promise<PowerSession> {
    return new PowerSession(await Session.start(target, powerScript()));
  }

  get label(): string {
    return this.session.label;
  }

  close(): Promise<void> {
    return this.session.close();
  }

  /** The lines of the answer, without the beats. */
  async ask(words: readonly (string | number)[], beat?: (seconds: number) => void): Promise<string[]> {
    const [word] = words;
    refuseStrange(words);
    this.session.send(`${words.join(" ")}\n`);
    const out: string[] = [];
    for (let line = await this.session.line(); line !== `end ${word}`; line = await this.session.line()) {
      if (line.startsWith("beat ")) beat?.(Number(line.slice(5)));
      else out.push(line);
    }
    return out;
  }

  async deviceModel(vm: string): Promise<DeviceModel | undefined> {
    const found = (await this.ask(["alive", vm])).flatMap((line) => models(line, "dm"));
    if (found.length > 1)
      throw new AcrnError(
        "power.two",
        `${found.length} acrn-dm for ${vm} on ${this.label}: pids ${found.map(({ pid }) => pid).join(", ")}`,
        {
          hint: "Which of them runs the VM cannot be told. Nothing was done.",
        },
      );
    return found[0];
  }

  /**
   * When that very process is gone; `killed`: it did not end by itself.
   * @param proves the VM whose guest agreed to go: then the end is its proof, and the machine notes it down, whether we are still there or not
   */
  async waitGone(
    { pid, started }: DeviceModel,
    seconds: number,
    { proves, beat }: { proves?: string | undefined; beat?: (s: number) => void } = {},
  ): Promise<"gone" | "killed" | "late"> {
    const words = ["gone", pid, started, seconds, ...(proves === undefined ? [] : [proves])];
    const lines = await this.ask(words, beat);
    if (lines.includes("gone")) return "gone";
    return lines.includes("killed") ? "killed" : "late";
  }

  /** Undefined: it goes down, or the link broke before it could say so; else why it does not, and nothing was done. */
  async reboot(): Promise<string | undefined> {
    const lines = await this.ask(["reboot"]).catch((): string[] => []); // the link goes with the machine
    if (lines.includes("unheld")) return "another run let launches go on";
    if (lines.includes("refused")) return "the command for it failed";
    const alive = lines.flatMap((line) => (line.startsWith("alive ") ? [line.slice(6)] : []));
    return alive.length > 0 ? `a real-time VM was started meanwhile (${alive.join(", ")})` : undefined;
  }

  /** @param path a launcher of ours, which makes a unit of its own; the text is why none came up */
  async launch(vm: string, path: string, seconds: number, beat?: (s: number) => void): Promise<DeviceModel | string> {
    const lines = await this.ask(["launch", vm, path, seconds], beat);
    const up = lines.flatMap((line) => models(line, "up"))[0];
    return up ?? (lines.find((line) => line.startsWith("down")) ?? "down").slice(5);
  }

  /** A command of the machine, by root: its status (NaN: none came), and the end of what it said. */
  async run(command: string): Promise<{ status: number; said: string }> {
    const lines = await this.ask(["do", Buffer.from(command, "utf8").toString("base64")]);
    const of = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? "";
    return { status: Number(of("status") || Number.NaN), said: of("said") };
  }

  /** Runs the launcher's own checks, and nothing else of it; undefined: nothing is in the way. */
  async check(path: string): Promise<string | undefined> {
    const lines = await this.ask(["check", path]);
    return lines.includes("status 0")
      ? undefined
      : (lines.find((line) => line.startsWith("said ")) ?? "said ").slice(5);
  }

  /** It goes off now and is to come back: on the disk, for whoever comes after us. */
  async mark(vm: string): Promise<void> {
    if ((await this.ask(["mark", vm])).includes("marked")) return;
    throw new AcrnError("power.mark", `${this.label}: it cannot be noted down that ${vm} is to come back`, {
      hint: "Is the disk full or read-only? Nothing was interrupted.",
    });
  }

  /** It is back. */
  async unmark(vm: string): Promise<void> {
    await this.ask(["unmark", vm]);
  }

  async bootId(): Promise<string | undefined> {
    return (await this.ask(["boot"])).find((line) => line.startsWith("boot "))?.slice(5);
  }

  /** Did it end by itself in this boot, as the launch recorded? No older record says so of an acrn-dm that was killed since and left its socket. */
  async endedClean(vm: string, boot: string | undefined): Promise<boolean> {
    const lines = await this.ask(["record", vm]);
    return boot !== undefined && lines.includes(`record ended ${boot} 0`) && !lines.includes("left");
  }
}

/** A word is a word to the far shell, and names a file there: what a scenario or a process calls itself is not always one. */
function refuseStrange(words: readonly (string | number)[]): void {
  const strange = words.find((word) => !/^[\w./+@=,-]+$/.test(`${word}`) || /(^|\/)\.\.?(\/|$)/.test(`${word}`));
  if (strange === undefined) return;
  throw new AcrnError("power.word", `${JSON.stringify(strange)} cannot be a VM or a path in an activation`, {
    hint: "Nothing was done with it. VMs are named with letters, digits, _ and -.",
  });
}

function models(line: string, word: string): DeviceModel[] {
  const match = new RegExp(`^${word} (\\d{1,10}) (\\d{1,20})$`).exec(line);
  return match ? [{ pid: Number(match[1]), started: match[2] as string }] : [];
}
