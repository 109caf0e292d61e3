import { AcrnError } from "../../core/errors";
import { harmless } from "../launch";
import { powerScript } from "../scripts/power";
import { Session } from "../session";
import type { Target } from "../types";
import { base64, type DeviceModel, goer, type Holder, models, refuseStrange } from "./words";

export type { DeviceModel, Holder } from "./words";

/** Asks and answers of the power script, one at a time, over one session. */
export class PowerSession {
  private constructor(private readonly session: Session) {}

  /** @param script what tests replace */
  static async open(target: Target, script = powerScript()): Promise<PowerSession> {
    return new PowerSession(await Session.start(target, script));
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

  /** Undefined: the lock of activations is ours as long as this session lives; else who has it and for how many seconds, or that it cannot be made. */
  async take(who: string): Promise<Holder | "failed" | undefined> {
    const lines = await this.ask(["take", base64(who)]);
    const [, seconds, by] = /^busy (\d{1,12}) (.*)$/.exec(lines.find((line) => line.startsWith("busy ")) ?? "") ?? [];
    if (seconds !== undefined) return { seconds: Number(seconds), who: harmless(by ?? "") || "somebody" };
    return lines.includes("taken") ? undefined : "failed";
  }

  /** What others are told that we do. */
  async doing(what: string): Promise<void> {
    await this.ask(["doing", base64(what)]);
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

  /** Its guest says that it goes: before it is told to, so that the end of that acrn-dm is a proof whatever becomes of us. */
  async agrees(vm: string, model: DeviceModel, seconds: number): Promise<void> {
    if ((await this.ask(["agrees", ...goer(vm, model, seconds)])).includes("armed")) return;
    throw new AcrnError("power.note", `${this.label}: it cannot be noted down that ${vm} goes off`, {
      hint: "Is /run full or read-only? Nothing was interrupted.",
    });
  }

  /** Did the guest behind that very acrn-dm agree before, asked by whomever, and is it still awaited? */
  async agreed(vm: string, { pid, started }: DeviceModel): Promise<boolean> {
    return (await this.ask(["agreed", vm, pid, started])).includes("agreed");
  }

  /** It said no after all. */
  async denies(vm: string): Promise<void> {
    await this.ask(["denies", vm]);
  }

  /**
   * When that very process is gone; `killed`: it did not end by itself.
   * @param proves the VM whose guest agreed to go: then the end is its proof, and the machine notes it down
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

  /**
   * A command of the machine, by root: its status (NaN: none came), and the end of what it said.
   * @param agrees status 0 is the word of that VM's guest that it goes
   */
  async run(
    command: string,
    agrees?: { vm: string; model: DeviceModel; seconds: number },
  ): Promise<{ status: number; said: string }> {
    const lines = await this.ask([
      "do",
      base64(command),
      ...(agrees ? goer(agrees.vm, agrees.model, agrees.seconds) : []),
    ]);
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

  /** No VM that runs and does not go is to come back; which were. */
  async back(): Promise<string[]> {
    return (await this.ask(["back"])).flatMap((line) => (line.startsWith("back ") ? [line.slice(5)] : []));
  }

  async bootId(): Promise<string | undefined> {
    return (await this.ask(["boot"])).find((line) => line.startsWith("boot "))?.slice(5);
  }

  /** Did some acrn-dm of it leave its socket, as one that is killed does? */
  async leftSocket(vm: string): Promise<boolean> {
    return (await this.ask(["record", vm])).includes("left");
  }

  /** Did it end by itself in this boot, as the launch recorded? No older record says so of an acrn-dm that was killed since and left its socket. */
  async endedClean(vm: string, boot: string | undefined): Promise<boolean> {
    const lines = await this.ask(["record", vm]);
    return boot !== undefined && lines.includes(`record ended ${boot} 0`) && !lines.includes("left");
  }
}
