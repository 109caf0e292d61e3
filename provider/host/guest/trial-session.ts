import { AcrnError } from "../../core/errors";
import { type TrialMachine, trialId } from "../../core/kernel/trial";
import { badFrame } from "../errors";
import { harmless } from "../launch";
import { guestTrialScript } from "../scripts/guest-trial";
import { Session, type SessionOptions } from "../session";
import type { Target } from "../types";

/** A guest as a trial of its kernel line sees it. */
export interface TrialState {
  bootId: string;
  /** Of the kernel that runs. */
  cmdline: string;
  /** Seconds since it booted. */
  up: number;
  /** The trial whose boot ends by itself unless it is confirmed. */
  armed?: { id: string; seconds: number; kind: TrialMachine["kind"] };
  /** What GRUB boots next, and only once; whosever it is. */
  nextEntry?: string;
}

/** A trial to be booted next. */
export interface ArmedTrial {
  /** As on its kernel line. */
  id: string;
  /** Its menu entry: `trialId(id)`. */
  entry: string;
  /** How long its boot may wait to be confirmed. */
  seconds: number;
  kind: TrialMachine["kind"];
  grubenv: string;
  command: "grub-reboot" | "grub2-reboot";
}

/** A way out of one boot. */
export interface Leaving {
  kind: TrialMachine["kind"];
  /** The boot that is to end: in any other nothing happens. */
  boot: string;
}

/**
 * Asks and answers of the trial script, one at a time, over one session. Acts answer undefined where they are done, else why they are not; the same act again, after a cut
 * link too, ends the same.
 */
export class GuestTrial {
  private constructor(private readonly session: Session) {}

  static async open(target: Target, options: SessionOptions = {}): Promise<GuestTrial> {
    return new GuestTrial(await Session.start(target, guestTrialScript(), options));
  }

  get label(): string {
    return this.session.label;
  }

  close(): Promise<void> {
    return this.session.close();
  }

  /** @param grubenv @default the one below /boot/grub or /boot/grub2 */
  async state({ grubenv }: { grubenv?: string } = {}): Promise<TrialState> {
    const lines = await this.ask(["state", grubenv === undefined ? "-" : checked(grubenv)]);
    const of = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
    const [bootId, line, up, next, mark] = [of("boot"), of("line"), of("up"), of("next"), of("armed")];
    if (bootId === undefined || line === undefined || !/^\d{1,12}$/.test(up ?? ""))
      throw badFrame(this.label, "a state without boot id, kernel line and time since boot");
    const [, id, seconds, kind] = /^([0-9a-z]{1,40}) (\d{1,9}) (rtvm|other)$/.exec(mark ?? "") ?? [];
    return {
      bootId,
      cmdline: plain(line),
      up: Number(up),
      ...(id === undefined ? {} : { armed: { id, seconds: Number(seconds), kind: kind as TrialMachine["kind"] } }),
      ...(next === undefined ? {} : { nextEntry: plain(next) }),
    };
  }

  /** The next boot, and only that, is the trial's, and ends unless it is confirmed. Where it is not armed nothing of it is left. */
  async arm({ id, entry, seconds, kind, grubenv, command }: ArmedTrial): Promise<string | undefined> {
    if (entry !== trialId(id)) throw wrong(entry, "is not the entry of that trial");
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 86_400)
      throw wrong(`${seconds}`, "is no limit between 1 and 86400 seconds");
    return this.act(["arm", id, seconds, kind, checked(grubenv), command], "armed");
  }

  /** Neither is the next boot the trial's, nor does this one end by itself. */
  async disarm({ grubenv }: { grubenv: string }): Promise<string | undefined> {
    return this.act(["disarm", checked(grubenv)], "disarmed");
  }

  /** The boot that runs is this trial's, and stays. */
  async confirm({ id }: { id: string }): Promise<string | undefined> {
    trialId(id);
    return this.act(["confirm", id], "confirmed");
  }

  /** Undefined: it goes down. Never inside of a real-time VM. */
  reboot(leaving: Leaving): Promise<string | undefined> {
    return this.leave("reboot", leaving);
  }

  /** Undefined: it goes down. */
  powerOff(leaving: Leaving): Promise<string | undefined> {
    return this.leave("poweroff", leaving);
  }

  private async leave(word: "reboot" | "poweroff", { kind, boot }: Leaving): Promise<string | undefined> {
    if (!/^[0-9a-f-]{1,64}$/.test(boot)) throw wrong(boot, "is no boot id");
    return this.act([word, kind, boot], "going");
  }

  private async act(words: readonly (string | number)[], done: string): Promise<string | undefined> {
    const lines = await this.ask(words, done === "going" ? done : undefined);
    const why = lines.find((line) => line.startsWith("refused "));
    if (why === undefined && lines.includes(done)) return undefined;
    return harmless((why ?? "").slice(8).trim()) || "no reason was given";
  }

  /** The lines of the answer. @param last after it the link may go with the machine */
  private async ask(words: readonly (string | number)[], last?: string): Promise<string[]> {
    this.session.send(`${words.join(" ")}\n`);
    const out: string[] = [];
    const next = () =>
      this.session.line().catch((error: unknown) => {
        if (last !== undefined && out.includes(last)) return `end ${words[0]}`;
        throw error;
      });
    for (let line = await next(); line !== `end ${words[0]}`; line = await next()) out.push(line);
    return out;
  }
}

const plain = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");

/** A word to the far shell: grubenv stands where GRUB looks for it, below /boot. */
function checked(grubenv: string): string {
  if (/^(\/[\w.-]+)+\/grubenv$/.test(grubenv) && !/\/\.\.?\//.test(grubenv)) return grubenv;
  throw wrong(grubenv, "is no path of GRUB's environment block");
}

function wrong(what: string, is: string): AcrnError {
  return new AcrnError("trial.word", `${JSON.stringify(what.slice(0, 80))} ${is}`, {
    hint: "Nothing was done on the machine.",
  });
}
