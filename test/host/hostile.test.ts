import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { AcrnError } from "../../provider/core/errors";
import { textOf } from "../../provider/core/snapshot";
import { readSnapshot } from "../../provider/host/snapshot";
import { transact } from "../../provider/host/transaction";
import type { Elevation } from "../../provider/host/types";
import type { WireTimes } from "../../provider/host/wire";
import { change, sha256 } from "./helpers";
import { type Answer, ASK, frame, liar, read, START } from "./support/liar";

/** For ever the same, after the start marker where it is told to be a frame. */
function* drops(drop: string): Generator<Buffer> {
  if (drop !== "motd\n") yield Buffer.from(`${START}read \n`);
  for (;;) yield Buffer.from(drop);
}

const rows: [title: string, answer: Answer, code: string, text?: RegExp][] = [
  ["nothing", { stdout: [] }, "frame.cut", /did not come \(exit status 0\)/],
  ["noise only", { stdout: ["Welcome\n"], stderr: "no shell for you\n", code: 1 }, "frame.cut", /no shell for you/],
  ["a start and no more", { stdout: [START] }, "frame.cut", /before it was complete/],
  ["a broken link", { stdout: [START, "read \n"], broken: true }, "link.cut"],
  ["terminal escapes on stderr", { stdout: [], stderr: "\x1b]0;owned\x07 oh" }, "frame.cut", /\\x1b\]0;owned\\x07 oh/],
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
  ["a negative size", { stdout: [frame({ stat: "s -1 81a4 644 0 0 1 12 1:/etc/x" })] }, "frame.bad"],
  ["a size of 2^53", { stdout: [frame({ stat: "s 9007199254740992 81a4 644 0 0 1 12 1:/etc/x" })] }, "frame.bad"],
  [
    "ten bytes that turn out to be ten million",
    { stdout: [1, 2, 3].map((n) => long(n)) },
    "host.busy-file",
    /is not what the file system says/,
  ],
  [
    "a path that was not asked for",
    { stdout: [frame({ paths: "f /etc/shadow///etc/shadow\n" })] },
    "frame.bad",
    /shadow/,
  ],
  ["a path with ..", { stdout: [frame({ paths: "h /boot/acrn/../x.bin///x\n" })] }, "frame.bad", /\.\./],
  ["a .. where a glob has its star", { stdout: [frame({ paths: "f /home/../acrn-work/x.sh///x\n" })] }, "frame.bad"],
  ["a link that ends in ..", { stdout: [frame({ paths: "h /boot/acrn.bin///boot/../x\n" })] }, "frame.bad"],
  ["a path too long for any", { stdout: [frame({ paths: `h /boot/acrn${"a".repeat(5000)}.bin///x\n` })] }, "frame.bad"],
  [
    "nothing about the ledger",
    { stdout: [frame({ without: "/var/lib/pulumi-acrn/ledger.json" })] },
    "frame.bad",
    /ledger/,
  ],
  [
    "more paths than any machine has",
    { stdout: [frame({ paths: Array.from({ length: 10_001 }, (_, n) => `h /boot/acrn${n}.bin///x\n`).join("") })] },
    "frame.bad",
    /paths/,
  ],
  [
    "more mounts than any machine has",
    {
      stdout: [
        frame({ body: `${gzipSync(`A=1\n${"1 1 0:1 / / rw - x x rw\n".repeat(10_001)}`).toString("base64")}\n.` }),
      ],
    },
    "frame.bad",
    /mount table/,
  ],
  ["the wrong end", { stdout: [frame().replace("end read", "end reed")] }, "frame.cut"],
  ["an end too early", { stdout: [frame().replace("body\n", "end read\nbody\n")] }, "frame.bad", /no contents/],
  ["control characters in a bidi disguise", { stdout: [START, "read \n\u202egnp.exe\u2066\nend read\n"] }, "frame.bad"],
  [
    "what sudo says, with escapes",
    { stdout: [START, "error sudo.failed al\x1b[2Jice: \u202eoops\x9b5n\n"] },
    "sudo.failed",
  ],
  [
    "the password in what sudo says",
    {
      stdout: [START, "error sudo.failed alice: hunter2?\n"],
      elevation: { how: "sudo-password", password: "hunter2" },
    },
    "sudo.failed",
    /\*{8}\?/,
  ],
  [
    "a password that is a part of our own words",
    {
      stdout: [START, "error sudo.password alice: try again, sudo says\n"],
      elevation: { how: "sudo-password", password: "sudo" },
    },
    "sudo.password",
  ],
];

/** Says ten bytes; the first frame of an answer starts it. */
function long(n: number): string {
  const body = `${gzipSync(Buffer.alloc(10_000_000))
    .toString("base64")
    .replace(/.{1,76}/g, "$&\n")}.`;
  const text = frame({ stat: "s 10 81a4 644 0 0 1 12 1:/etc/x", body, after: "" });
  return n === 1 ? text : text.replace(START, "");
}

describe("hostile answers", function () {
  this.timeout(30_000);

  it("a good one is taken, noise before it or not", async () => {
    for (const noise of ["", "motd\n", "motd without an end", "\x1b[0m\xff"]) {
      const snapshot = await readSnapshot(liar({ stdout: [noise, frame()] }), ASK);
      assert.equal(textOf(snapshot, "/etc/x"), "A=1\n");
    }
  });

  for (const [title, answer, code, text] of rows)
    it(`${title}: ${code}`, async () => {
      await assert.rejects(readSnapshot(liar(answer), ASK), (error) => {
        assert.ok(error instanceof AcrnError, String(error));
        assert.equal(error.code, code, error.message);
        if (text) assert.match(error.message, text);
        assert.doesNotMatch(error.message.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
        assert.ok(error.hint, "it says what to do");
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    });

  it("blanks the password that the target echoes", async () => {
    const elevation: Elevation = { how: "sudo-password", password: "hunter2" };
    await assert.rejects(
      readSnapshot(liar({ stdout: [], stderr: "hunter2 is wrong", elevation }), ASK),
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
      readSnapshot({ elevation, transport: { label: "liar", exec } }, ASK),
      (error) => error instanceof AcrnError && /\*{8} is wrong/.test(error.message) && !/nter/.test(error.message),
    );
  });

  const times: [title: string, answer: Answer, limits: WireTimes, code: string][] = [
    ["falls silent", { stdout: [START], open: true }, { idle: 50 }, "host.silent"],
    ["never starts our script", { stdout: ["Code: "], open: true }, { start: 50 }, "host.silent"],
    ["talks, but never starts our script", { stdout: () => drops("motd\n"), open: true }, { start: 50 }, "host.silent"],
    ["lets words drip", { stdout: () => drops("T x\n"), open: true }, { answer: 50 }, "host.slow"],
    ["lets one word drip", { stdout: () => drops("x"), open: true }, { answer: 50 }, "host.slow"],
    ["talks on stderr only", { stdout: [START], stderr: () => drops("x"), open: true }, { idle: 50 }, "host.silent"],
  ];
  for (const [title, answer, limits, code] of times)
    it(`a target that ${title}: ${code}`, async () => {
      await assert.rejects(
        readSnapshot(liar(answer), ASK, limits),
        (error) => error instanceof AcrnError && error.code === code && error.hint !== undefined,
      );
    });

  it("tells the first warnings only, and those made visible", async () => {
    const texts = "w \x1b[2J\u202e\n".repeat(5000);
    const { warnings } = await readSnapshot(liar({ stdout: [frame({ texts })] }), ASK);
    assert.ok(warnings.length < 30, `${warnings.length}`);
    assert.equal(warnings[0], "\\x1b[2J\\u202e");
    assert.match(warnings.at(-1) ?? "", /49\d\d more/);
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
          ? transact(target, ASK, decide, { owner: "x", lockWait: 0 }, { pause: 0 })
          : readSnapshot(target, ASK);
        try {
          await run;
        } catch (error) {
          if (!(error instanceof AcrnError)) throw error;
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** What it says after the lock was asked for; `decide` then wants to write. */
const conversations: [title: string, stdout: string, code: string, text?: RegExp][] = [
  ["a lock of nobody", `${START}locked __proto__ x\n`, "frame.bad"],
  [
    "a lock that somebody has, with escapes in the name",
    `${START}busy \x1b]0;x\x07\u202e\n`,
    "lock.held",
    /\\x1b\]0;x\\x07\\u202e/,
  ],
  ["the end instead of a lock", `${START}end 1\n`, "frame.bad"],
  ["how something else ended, instead of a lock", `${START}outcome 77 torn swap\n| \x1b[2J@\n.\n`, "tx.torn", /\\x1b/],
];

describe("hostile answers to a transaction", function () {
  this.timeout(30_000);
  for (const [title, stdout, code, text] of conversations)
    it(`${title}: ${code}`, async () => {
      const decide = () => assert.fail("nothing may be decided");
      await assert.rejects(transact(liar({ stdout: [stdout] }), ASK, decide, { owner: "x", lockWait: 0 }), (error) => {
        assert.ok(error instanceof AcrnError);
        assert.equal(error.code, code, error.message);
        if (text) assert.match(error.message, text);
        assert.doesNotMatch(error.message.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
        return true;
      });
    });

  const LOCKED = "locked 00000000-0000-0000-0000-000000000000 1 1\n";
  const ends: [title: string, end: string, code: string, text?: RegExp][] = [
    ["an outcome for another id", `outcome bb done\n.\n${read()}end 1\n`, "tx.unknown", /bb/],
    ["an outcome without end", `outcome aa undone swap\n| ${"x".repeat(2 << 20)}`, "tx.unknown", /1 MiB/],
    ["a status that we do not know", "outcome aa __proto__ swap\n.\n", "tx.torn"],
  ];
  for (const [title, end, code, text] of ends)
    it(`${title}: ${code}`, async () => {
      const target = liar({ stdout: [`${START}${LOCKED}${read()}`, ...(end.match(/.{1,65536}\n?/gs) ?? [])] });
      const decide = () => [change("/etc/x", "A=1\n", "A=2\n")];
      const inner = { id: "aa", pause: 0 };
      await assert.rejects(transact(target, ASK, decide, { owner: "x", lockWait: 0 }, inner), (error) => {
        assert.ok(error instanceof AcrnError, String(error));
        assert.equal(error.code, code, error.message);
        if (text) assert.match(String(error.cause), text);
        return true;
      });
    });
});
