import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { AcrnError } from "../../provider/core/errors";
import { textOf } from "../../provider/core/snapshot";
import { readSnapshot } from "../../provider/host/snapshot";
import { transact } from "../../provider/host/transaction";
import type { Elevation, Target } from "../../provider/host/types";
import { change, NOTHING, sha256 } from "./helpers";

interface Answer {
  stdout: (Uint8Array | string)[];
  stderr?: string;
  code?: number;
  /** The link breaks instead of an exit status. */
  broken?: boolean;
  elevation?: Elevation;
}

/** A machine that says the same whatever it is asked. */
function liar({ stdout, stderr = "", code = 0, broken, elevation = { how: "none" } }: Answer): Target {
  const exec = () => {
    const stdin = new PassThrough();
    stdin.resume();
    const exit = broken ? Promise.reject(new Error("reset by peer")) : Promise.resolve({ code });
    exit.catch(() => undefined);
    const bytes = stdout.map((part) => Buffer.from(part as string));
    return Promise.resolve({ stdin, stdout: Readable.from(bytes), stderr: Readable.from([Buffer.from(stderr)]), exit });
  };
  return { elevation, transport: { label: "liar", exec } };
}

const START = "\npulumi-acrn frame 1\n";

/** A frame with one file, as our script would send it, some of it replaced. */
function frame(more: { stat?: string; hash?: string; body?: string; after?: string; content?: string } = {}): string {
  const content = more.content ?? "A=1\n";
  const body = more.body ?? `${gzipSync(content).toString("base64")}\n.`;
  const stat = more.stat ?? `s ${content.length} 81a4 644 0 0 1700000000 12 1:/etc/x`;
  return `${START}read \nf /etc/x///etc/x\n${stat}\n${more.hash ?? sha256(content)}  /etc/x\nbody\n${body}\nend read\n${more.after ?? "end 1\n"}`;
}

const rows: [title: string, answer: Answer, code: string, text?: RegExp][] = [
  ["nothing", { stdout: [] }, "frame.cut", /did not come \(exit status 0\)/],
  ["noise only", { stdout: ["Welcome\n"], stderr: "no shell for you\n", code: 1 }, "frame.cut", /no shell for you/],
  ["a start and no more", { stdout: [START] }, "frame.cut", /before it was complete/],
  ["a broken link", { stdout: [START, "read \n"], broken: true }, "link.cut"],
  ["terminal escapes on stderr", { stdout: [], stderr: "\x1b]0;owned\x07 oh" }, "frame.cut", /\?\]0;owned\? oh/],
  ["escapes in the frame", { stdout: [START, "read \n\x1b[2J\nend read\n"] }, "frame.bad", /makes no sense/],
  ["no read line", { stdout: [START, "x\nend read\n"] }, "frame.bad"],
  ["a body that is no base64", { stdout: [frame({ body: "***\n." })] }, "frame.bad"],
  ["a body that does not end", { stdout: [frame({ body: "" })] }, "frame.bad"],
  ["a body that is no gzip", { stdout: [frame({ body: "AAAA\n." })] }, "frame.bad"],
  [
    "a body that unpacks without end",
    { stdout: [frame({ body: `${gzipSync(Buffer.alloc(65 << 20)).toString("base64")}\n.` })] },
    "frame.bad",
  ],
  ["a size that lies", { stdout: [frame({ stat: "s 3 81a4 644 0 0 1 12 1:/etc/x", after: "" })] }, "frame.cut"],
  ["a hash that lies", { stdout: [frame({ hash: "0".repeat(64), after: "" })] }, "frame.cut"],
  [
    "lies three times",
    {
      stdout: [
        frame({ hash: "0".repeat(64), after: "" }),
        ...[1, 2].map(() => frame({ hash: "0".repeat(64), after: "" }).replace(START, "")),
      ],
    },
    "host.busy-file",
    /\/etc\/x/,
  ],
  [
    "a line without end",
    { stdout: [START, ...Array.from({ length: 17 }, () => "x".repeat(1 << 16))] },
    "frame.size",
    /1 MiB/,
  ],
  [
    "lines without end",
    { stdout: Array.from({ length: 1025 }, () => `${"x".repeat((1 << 16) - 1)}\n`) },
    "frame.size",
    /64 MiB/,
  ],
  ["an error that we do not know", { stdout: [START, "error __proto__ x\n"] }, "frame.bad"],
];

describe("hostile answers", function () {
  this.timeout(30_000);

  it("a good one is taken, noise before it or not", async () => {
    for (const noise of ["", "motd\n", "motd without an end", "\x1b[0m\xff"]) {
      const snapshot = await readSnapshot(liar({ stdout: [noise, frame()] }), NOTHING);
      assert.equal(textOf(snapshot, "/etc/x"), "A=1\n");
    }
  });

  for (const [title, answer, code, text] of rows)
    it(`${title}: ${code}`, async () => {
      await assert.rejects(readSnapshot(liar(answer), NOTHING), (error) => {
        assert.ok(error instanceof AcrnError, String(error));
        assert.equal(error.code, code, error.message);
        if (text) assert.match(error.message, text);
        assert.doesNotMatch(error.message.replaceAll("\n", ""), /\p{Cc}/u);
        return true;
      });
    });

  it("blanks the password that the target echoes", async () => {
    const elevation: Elevation = { how: "sudo-password", password: "hunter2" };
    await assert.rejects(
      readSnapshot(liar({ stdout: [], stderr: "hunter2 is wrong", elevation }), NOTHING),
      (error) =>
        error instanceof AcrnError && error.message.includes("******** is wrong") && !error.message.includes("hunter2"),
    );
  });

  it("blanks a password beyond ASCII, also one that comes in pieces", async () => {
    const elevation: Elevation = { how: "sudo-password", password: "hünter-2" };
    const bytes = Buffer.from("hünter-2 is wrong");
    const target = liar({ stdout: [], elevation });
    const exec = async (command: string) => ({
      ...(await target.transport.exec(command)),
      stderr: Readable.from([bytes.subarray(0, 2), bytes.subarray(2)]),
    });
    await assert.rejects(
      readSnapshot({ elevation, transport: { label: "liar", exec } }, NOTHING),
      (error) => error instanceof AcrnError && /\*{8} is wrong/.test(error.message) && !/nter/.test(error.message),
    );
  });

  it("a target that falls silent", async () => {
    const stdout = new PassThrough();
    stdout.write(START);
    const quiet: Target = {
      elevation: { how: "none" },
      transport: {
        label: "quiet",
        exec: () =>
          Promise.resolve({
            stdin: new PassThrough(),
            stdout,
            stderr: new PassThrough(),
            exit: new Promise(() => undefined),
          }),
      },
    };
    await assert.rejects(
      readSnapshot(quiet, NOTHING, { idle: 50 }),
      (error) => error instanceof AcrnError && error.code === "host.silent",
    );
  });

  const word = fc.constantFrom(
    ...[
      "read ",
      "f /etc/x///etc/x",
      "f /etc/y//",
      "h /boot/x///boot/x",
      "a /q///q",
      "body",
      ".",
      "end read",
      "end 1",
      "p 7",
      "T x",
      "t x y",
    ],
    ...[
      "s 4 81a4 644 0 0 1 12 1:/etc/x",
      `${sha256("A=1\n")}  /etc/x`,
      `\\${"0".repeat(64)}  /a\\\\b`,
      "locked",
      "busy me",
      "c x",
      "w \x1b",
    ],
    ...[
      gzipSync("A=1\n").toString("base64"),
      "outcome a done",
      "outcome  torn",
      "| @/etc",
      "error sudo.refused",
      "error ",
      "r",
      "",
      "\0",
    ],
  );
  const line = fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) });

  it("any answer gives a snapshot or an AcrnError, never anything else", async () => {
    const bytes = fc.oneof(
      fc.array(line, { maxLength: 30 }).map((lines) => Buffer.from(START + lines.join("\n"))),
      fc.uint8Array({ maxLength: 200 }).map((noise) => Buffer.concat([Buffer.from(START), noise])),
      fc.tuple(fc.nat(400), fc.nat(255)).map(([at, byte]) => {
        const good = Buffer.from(frame());
        good[at % good.length] = byte;
        return good;
      }),
      fc.nat(400).map((length) => Buffer.from(frame()).subarray(0, length)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (stdout, write) => {
        const target = liar({ stdout: [stdout] });
        const decide = () => [change("/etc/x", "A=1\n", "A=2\n")];
        const run = write
          ? transact(target, NOTHING, decide, { owner: "x", lockWait: 0 }, { pause: 0 })
          : readSnapshot(target, NOTHING);
        try {
          await run;
        } catch (error) {
          // "not asked for" is what our own checks say to a decide that names a path which the answer lacks
          if (!(error instanceof AcrnError) && !/not asked for/.test(String(error))) throw error;
        }
      }),
      { numRuns: 400 },
    );
  });
});
