import { PassThrough, Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { SUPERSET } from "../../../provider/host/scripts/superset";
import type { Elevation, ReadRequest, Target } from "../../../provider/host/types";
import { sha256 } from "../helpers";

export interface Answer {
  /** Parts, or what yields them for as long as they are taken. */
  stdout: (Uint8Array | string)[] | (() => Iterable<Uint8Array | string>);
  stderr?: string | (() => Iterable<Uint8Array>);
  code?: number;
  /** The link breaks instead of an exit status. */
  broken?: boolean;
  /** It goes on for ever after what it said. */
  open?: boolean;
  elevation?: Elevation;
}

/** A machine that says the same whatever it is asked. */
export function liar(answer: Answer): Target {
  const { stdout, stderr = "", code = 0, broken, open, elevation = { how: "none" } } = answer;
  const exec = () => {
    const stdin = new PassThrough();
    stdin.resume();
    const exit: Promise<{ code: number }> = broken
      ? Promise.reject(new Error("reset by peer"))
      : open
        ? new Promise(() => undefined)
        : Promise.resolve({ code });
    exit.catch(() => undefined);
    return Promise.resolve({
      stdin,
      stdout: streamOf(typeof stdout === "function" ? stdout() : stdout, open),
      stderr: streamOf(typeof stderr === "function" ? stderr() : [stderr], open),
      exit,
    });
  };
  return { elevation, transport: { label: "liar", exec } };
}

function streamOf(parts: Iterable<Uint8Array | string>, open = false): Readable {
  async function* bytes() {
    for (const part of parts) {
      yield Buffer.from(part as string);
      await new Promise(setImmediate); // as a link does: others get their turn
    }
    if (open) await new Promise(() => undefined);
  }
  return Readable.from(bytes());
}

export const START = "\npulumi-acrn frame 1\n";

/** What the frame below answers. */
export const ASK: ReadRequest = { scripts: [], files: ["/etc/x"] };

/** The paths that every read asks for by name, as a machine without any of them has them. */
const ABSENT = SUPERSET.filter((line) => /^[frh] /.test(line)).map((line) => `a ${line.slice(2)}//${line.slice(2)}\n`);

export interface FrameParts {
  /** Lines more among the paths. */
  paths?: string;
  stat?: string;
  hash?: string;
  texts?: string;
  body?: string;
  after?: string;
  content?: string;
  /** Paths that are not answered. */
  without?: string;
}

/** One read, `read` to `end read`, with one file, as our script would send it, some of it replaced. */
export function read(more: FrameParts = {}): string {
  const content = more.content ?? "A=1\n";
  const body = more.body ?? `${gzipSync(content).toString("base64")}\n.`;
  const stat = more.stat ?? `s ${content.length} 81a4 644 0 0 1700000000 12 1:/etc/x`;
  const absent = ABSENT.filter((line) => line !== `a ${more.without}//${more.without}\n`).join("");
  const head = `read \n${absent}f /etc/x///etc/x\n${more.paths ?? ""}${stat}\n`;
  return `${head}${more.hash ?? sha256(content)}  /etc/x\n${more.texts ?? ""}body\n${body}\nend read\n`;
}

/** The whole answer to a read. */
export const frame = (more: FrameParts = {}): string => `${START}${read(more)}${more.after ?? "end 1\n"}`;
