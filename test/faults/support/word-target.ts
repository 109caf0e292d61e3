import { PassThrough } from "node:stream";
import type { ExecOptions, RemoteProcess, Target, Transport } from "../../../provider/host/types";

/** One word a line is what the power script is asked (host/scripts/power.ts). */
const WORD =
  /^(agreed|agrees|alive|ask|back|boot|check|denies|do|doing|gone|hold|launch|mark|reboot|record|take|unhold|unmark)(?: [^\n]*)?\n$/;

/** A target that tells of each word before it passes it on, and whose link can be broken at any moment. */
export class WordTarget implements Target {
  readonly elevation: Target["elevation"];
  readonly transport: Transport;
  /** Settles when the client is killed. */
  readonly dead: Promise<void>;
  private die: () => void = () => {};
  private killed = false;
  private readonly open = new Set<(why: Error) => void>();

  constructor(
    target: Target,
    private readonly heard: (word: string) => void,
  ) {
    this.elevation = target.elevation;
    this.dead = new Promise((settle) => {
      this.die = settle;
    });
    const exec = async (command: string, options?: ExecOptions): Promise<RemoteProcess> => {
      if (this.killed) return new Promise(() => {});
      return this.between(await target.transport.exec(command, options));
    };
    this.transport = { label: target.transport.label, exec };
  }

  /** All connections end, for both ends. @param killed and nobody is there any more who would do something about it */
  break(killed: boolean): void {
    this.killed ||= killed;
    for (const end of this.open) end(new Error("the link broke"));
    this.open.clear();
    if (killed) this.die();
  }

  private between(real: RemoteProcess): RemoteProcess {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    let broken = false;
    const exit = new Promise<Awaited<RemoteProcess["exit"]>>((resolve, reject) => {
      const end = (why: Error) => {
        broken = true;
        for (const stream of [real.stdin, real.stdout]) stream.destroy();
        reject(why);
      };
      this.open.add(end);
      const ended = real.exit.finally(() => this.open.delete(end));
      ended.then(resolve, reject);
    });
    exit.catch(() => undefined);
    real.stdin.on("error", () => undefined);
    real.stdout.on("data", (chunk: Buffer) => void (broken || stdout.write(chunk)));
    real.stdout.on("end", () => void (broken || stdout.end()));
    stdin.on("data", (chunk: Buffer) => {
      const word = WORD.exec(chunk.toString("latin1"))?.[1];
      if (word !== undefined) this.heard(word);
      if (!broken) real.stdin.write(chunk);
    });
    stdin.on("end", () => void (broken || real.stdin.end()));
    return { stdin, stdout, stderr: real.stderr, exit };
  }
}
