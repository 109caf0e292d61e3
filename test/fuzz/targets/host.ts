import assert from "node:assert/strict";
import { AcrnError } from "../../../provider/core/errors";
import { parseRead } from "../../../provider/host/frame";
import { readSnapshot } from "../../../provider/host/snapshot";
import { transact } from "../../../provider/host/transaction";
import type { ReadRequest } from "../../../provider/host/types";
import { change } from "../../host/helpers";
import { frame, frameBytes } from "../frames";
import { liar } from "../liar";
import { mutated } from "../mutate";
import type { Random } from "../random";
import { words } from "../seeds";
import type { Target } from "../target";

const START = "\npulumi-acrn frame 1\n";
const REQUEST: ReadRequest = { scripts: [], files: ["/etc/x", "/etc/y"] };

/** What zlib says of bytes that are no gzip, or that unpack to too much. */
const ZLIB = /^(Z_|ERR_BUFFER_TOO_LARGE)/;

/** The frame alone: its reader says a sentence, which host/snapshot.ts makes an AcrnError of whatever it was. */
export const framedRead: Target = {
  name: "framed read",
  runs: 4500,
  make: frameBytes,
  run: (input) => {
    const lines = input.toString("utf8").split("\n");
    const end = lines.indexOf("end read");
    try {
      return parseRead(end < 0 ? lines : lines.slice(0, end));
    } catch (error) {
      if (error instanceof AcrnError) throw error;
      const { message, code = "" } = error as Error & { code?: string };
      // A TypeError would otherwise pass for a bad answer.
      if ((error as Error).constructor !== Error && !ZLIB.test(code)) throw error;
      throw new AcrnError("frame.bad", message || "no sentence", { hint: "as host/errors.ts says it" });
    }
  },
};

/** The frame through a process that plays it, in pieces that cut lines and characters. */
export const snapshot: Target = {
  name: "snapshot",
  runs: 3000,
  make: (random) =>
    Buffer.concat([
      Buffer.from(random.oneIn(20) ? "motd\x9b\n" : START),
      frameBytes(random),
      Buffer.from(random.oneIn(9) ? "" : "end 1\n"),
    ]),
  run: (input) => readSnapshot(liar(input, 1 + (input.length % 97) * 13, 0), REQUEST),
};

const LOCKED = "locked 00000000-0000-4000-8000-000000000000 4711 99\n";
const OUTCOMES = ["done", "done", "done", "changed", "failed", "undone", "torn", "none", "__proto__", ""];
const DETAILS = [
  "| @/etc/x",
  "| No space left on device",
  "| Read-only file system",
  "| \x1b[31m",
  "|",
  "x",
  "| changed by somebody else",
];

/** Lock, read, outcome, read: what the client reads of journal and recovery is in the outcomes. */
function answer(random: Random): Buffer {
  const lie = () => random.oneIn(8);
  const outcome = () =>
    `outcome ${lie() ? "other" : "x"} ${random.pick(OUTCOMES)} ${random.pick(["1", "7", "__proto__", "\x1b"])}\n${DETAILS.filter(() => random.oneIn(4)).join("\n")}\n.\n`;
  const parts = [START];
  if (random.oneIn(6)) parts.push(outcome());
  parts.push(
    lie() ? random.pick(["busy me\n", "locked\n", "error sudo.refused x\n", "error __proto__\n", "error \n"]) : LOCKED,
  );
  parts.push(frame(random), lie() ? "" : outcome(), frame(random), "end 1\n");
  return Buffer.from(parts.join(""), "latin1");
}

const WORDS = words("outcome locked busy error end read body . x done torn none undone recovered | @/etc/x 1");

export const transaction: Target = {
  name: "transaction, journal",
  runs: 2000,
  make: (random) => {
    const made = answer(random);
    return random.oneIn(4) ? mutated(random, { seeds: [made], words: WORDS }) : made;
  },
  run: async (input) => {
    const target = liar(input, 1 + (input.length % 61) * 17, input.length % 5 === 0 ? undefined : 0);
    const decide = () => [change("/etc/x", "A=1\n", "A=2\n")];
    const result = await transact(target, REQUEST, decide, { owner: "x", lockWait: 0 }, { id: "x", pause: 0 });
    assert.ok(result.changed, "a change that was asked for is done or is an error");
    return result;
  },
};
