import { PassThrough, type Readable, type Writable } from "node:stream";
import type { RemoteProcess, Target, Transport } from "../../../provider/host/types";
import { type Direction, Labels, type Point } from "./points";

/**
 * How a link dies.
 * - both: both ends see it, as when sshd is killed: there stdin ends and stdout is a broken pipe.
 * - silent: only we see it (keep-alive): there stdin stays open and nobody reads what is said, until `notice`.
 * - ended: the session is ended for us in good order, its status and the rest of its output missing.
 */
export type Manner = "both" | "silent" | "ended";

/** A target whose first exec is cut at a point; the later ones, which are what the client does about it, are not. */
export class CutTarget implements Target {
  readonly elevation: Target["elevation"];
  readonly transport: Transport;
  /** What passed on the first exec. */
  readonly said: Record<Direction, string> = { out: "", in: "" };
  /** Whether the point was reached. */
  cut = false;
  execs = 0;
  private far: RemoteProcess | undefined;

  constructor(
    target: Target,
    private readonly point: Point | undefined,
    private readonly manner: Manner = "both",
  ) {
    const { label } = target.transport;
    this.elevation = target.elevation;
    this.transport = {
      label,
      exec: async (command) => {
        const real = await target.transport.exec(command);
        if (this.execs++ > 0) return real;
        this.far = real;
        return this.between(real);
      },
    };
  }

  /** The far end learns at last that the link is gone (TCP keep-alive, ClientAliveInterval), and has ended. */
  async notice(): Promise<void> {
    if (!this.far) return;
    this.far.stdin.destroy();
    this.far.stdout.destroy();
    await this.far.exit.catch(() => undefined);
  }

  private between(real: RemoteProcess): RemoteProcess {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    let broken: (how: Error | undefined) => void = () => undefined;
    const exit = new Promise<{ code: number | undefined; signal?: string }>((resolve, reject) => {
      broken = (how) => (how ? reject(how) : resolve({ code: undefined, signal: "HUP" }));
      real.exit.then((end) => this.cut || resolve(end), reject);
    });
    exit.catch(() => undefined);
    const cut = () => {
      if (this.cut) return;
      this.cut = true;
      if (this.manner === "silent") real.stdout.pause();
      else for (const stream of [real.stdin, real.stdout]) stream.destroy();
      if (this.manner === "ended") stdout.end();
      broken(this.manner === "ended" ? undefined : new Error("cut"));
    };
    real.stdin.on("error", () => undefined);
    this.pass("out", stdin, real.stdin, cut);
    this.pass("in", real.stdout, stdout, cut);
    return { stdin, stdout, stderr: real.stderr, exit };
  }

  /** Hands on whole lines, because only a whole line has a label; of the one with the point, the bytes before it. */
  private pass(direction: Direction, from: Readable, to: Writable, cut: () => void): void {
    const labels = new Labels(direction);
    let line = "";
    const take = (char: string) => {
      line += char;
      if (char !== "\n" || this.cut) return;
      const place = labels.next(line.slice(0, -1));
      const { point } = this;
      const here = point?.direction === direction && point.label === place.label && point.nth === place.nth;
      const passed = here ? line.slice(0, point.byte) : line;
      this.said[direction] += passed;
      if (passed) to.write(Buffer.from(passed, "latin1"));
      line = "";
      if (here) cut();
    };
    from.on("data", (chunk: Buffer) => {
      for (const char of chunk.toString("latin1")) take(char);
    });
    from.on("end", () => this.cut || to.end(Buffer.from(line, "latin1")));
  }
}
