import { gzipSync } from "node:zlib";
import { AcrnError } from "../../../provider/core/errors";
import { readSnapshot } from "../../../provider/host/snapshot";
import { type Answer, ASK, frame, liar, read, START } from "./liar";

/** Run in a process of its own: floods, and after each a line of JSON with how it ended and the most memory that this process ever had. */
const GIB = 1 << 30;

function* often(part: Buffer, total = GIB): Generator<Buffer> {
  yield Buffer.from(`${START}read \n`);
  for (let sent = 0; sent < total; sent += part.length) yield part;
}

const chunk = (text: string) => Buffer.from(text.repeat(65_536 / text.length));

/** A gzip file of many members (RFC 1952, 2.2) that unpacks to 1 GiB. */
function bomb(): string {
  const member = gzipSync(Buffer.alloc(1 << 24), { level: 9 });
  const packed = Buffer.concat(Array.from({ length: 64 }, () => member));
  return frame({ body: `${packed.toString("base64").replace(/.{1,76}/g, "$&\n")}.` });
}

const FLOODS: Record<string, () => Answer> = {
  "a bomb in the body": () => ({ stdout: [bomb()] }),
  "plain frames": () => ({ stdout: () => often(Buffer.from(`t proc/cmdline ${"x".repeat(8176)}\n`.repeat(8))) }),
  "lines of one letter": () => ({ stdout: () => often(chunk("x\n")) }),
  "empty lines": () => ({ stdout: () => often(chunk("\n")) }),
  "a million paths": () => ({ stdout: [START, ...Array.from({ length: 100 }, paths), read().slice(6)] }),
  stderr: () => ({ stdout: [], stderr: () => often(chunk("no ")), open: true }),
};

function paths(_: unknown, n: number): string {
  const line = (k: number) => `h /boot/acrn${n}-${k}.bin//x\n`;
  return `${n === 0 ? "read \n" : ""}${Array.from({ length: 10_000 }, (_, k) => line(k)).join("")}`;
}

async function main(): Promise<void> {
  for (const [name, flood] of Object.entries(FLOODS)) {
    const end = await readSnapshot(liar(flood()), ASK, { start: 20_000, idle: 300 }).then(
      () => "read",
      (error: unknown) => (error instanceof AcrnError ? error.code : String(error)),
    );
    console.log(JSON.stringify({ name, end, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
  }
}

void main();
