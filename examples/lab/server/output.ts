import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { ServerChannel } from "ssh2";

/**
 * Copies both outputs of a child into a channel, with back-pressure: the child blocks while the client does not read.
 * One write at a time for both: ssh2's channel has one flag for two stalled streams, and when the window opens it
 * sends a stalled piece of stdout again if stderr stalls later, unless that piece is forgotten.
 */
export async function copyOutput(child: ChildProcessWithoutNullStreams, channel: ServerChannel): Promise<void> {
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work);
    return turn;
  };
  const gone = new Promise<void>((settle) => channel.once("close", settle));
  const copy = async (from: Readable, to: Writable): Promise<void> => {
    for await (const chunk of from) await inTurn(() => Promise.race([write(channel, to, chunk as Buffer), gone]));
  };
  await Promise.all([copy(child.stdout, channel), copy(child.stderr, channel.stderr)]);
}

const NOTHING_STALLED = { _chunk: undefined, _chunkcb: undefined, _chunkErr: undefined, _chunkcbErr: undefined };

function write(channel: ServerChannel, to: Writable, chunk: Buffer): Promise<void> {
  return new Promise((settle) => {
    to.write(chunk, () => {
      Object.assign(channel, NOTHING_STALLED);
      settle();
    });
  });
}
