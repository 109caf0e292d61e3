import { PassThrough, Readable } from "node:stream";
import type { Target } from "../../provider/host/types";

/** A machine that says the same whatever it is asked, in pieces of `piece` bytes; the link breaks where no exit status is given. */
export function liar(stdout: Buffer, piece: number, code: number | undefined): Target {
  const exec = () => {
    const stdin = new PassThrough();
    stdin.resume();
    const exit = code === undefined ? Promise.reject(new Error("reset by peer")) : Promise.resolve({ code });
    exit.catch(() => undefined);
    return Promise.resolve({ stdin, stdout: Readable.from(pieces(stdout, piece)), stderr: Readable.from([]), exit });
  };
  return { elevation: { how: "none" }, transport: { label: "liar", exec } };
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(bytes.subarray(at, at + size));
  return out;
}
