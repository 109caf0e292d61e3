import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { SUPERSET } from "../../provider/host/scripts/superset";
import { mutated } from "./mutate";
import type { Random } from "./random";
import { once, words } from "./seeds";

/** What a machine may answer to a read: as our script would, with lies. */

const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** What a read is asked for by name, so that an answer without it is none (host/plausible.ts). */
const NAMED = ["/etc/x", "/etc/y", ...SUPERSET.filter((line) => !/^[gG] /.test(line)).map((line) => line.slice(2))];
const STRANGE = [
  "/__proto__",
  "/etc/default/grub.d/a\\b.cfg",
  "/etc/default/grub.d/e\x1b[2J.cfg",
  "/etc/default/grub.d/a b.cfg",
];
const CONTENTS = ["A=1\n", "", '{"format":1}', "\xff\xfe", "x".repeat(2000)];
const TEXTS = [
  ["etc/machine-id", "0".repeat(32)],
  ["sys/class/dmi/id/product_uuid", "00000000-0000-4000-8000-000000000000"],
  ["proc/cmdline", "quiet isolcpus=2"],
  ["run/ostree-booted", "present"],
  ["gpu", "0000:00:02.0/drm/card0/gt_max_freq_mhz 1300"],
  ["__proto__", "x"],
  ["constructor", ""],
] as const;
const MOUNTS =
  "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n30 22 0:5 / /etc/y ro - overlay overlay rw\nx y - -\n";

/** A read as lines, `read` to `end read`. Some of it is a lie: a size, a hash, a kind, a part that comes twice or not at all. */
export function frame(random: Random): string {
  const lie = () => random.oneIn(16);
  const there = NAMED.filter(() => random.oneIn(4));
  if (random.oneIn(4)) there.push(random.pick(STRANGE));
  const files = there.map((path) => ({ path, bytes: Buffer.from(random.pick(CONTENTS), "latin1") }));
  const lines = [`read ${lie() ? "/root\x1b" : ""}`];
  for (const { path } of files)
    lines.push(
      `${random.pick(["f", "f", "f", "h", "u", "o", "a"])} ${path}//${odd(random) ? random.pick(STRANGE) : path}`,
    );
  for (const path of NAMED) if (!there.includes(path) && !odd(random)) lines.push(`a ${path}//${path}`);
  for (const [name, text] of TEXTS)
    if (random.oneIn(2)) lines.push(...(lie() ? [`T ${name}`] : []), `t ${name} ${text}`);
  for (const { path, bytes } of files)
    if (!odd(random))
      lines.push(`s ${size(random, bytes.length)} 81a4 644 0 0 1700000000 12 ${random.oneIn(9) ? 2 : 1}:${path}`);
  for (const { path, bytes } of files) lines.push(`${odd(random) ? "0".repeat(64) : sha(bytes)}  ${path}`);
  for (let left = random.few(2); left > 0; left--)
    lines.push(`p ${random.pick(["41", "x", "0"])}`, Buffer.from("/usr/bin/acrn-dm\0-m\0VM\0").toString("base64"), ".");
  lines.push(...random.pick([["c sh"], ["w trouble \x1b[1m"], []]));
  const bodies = lie() ? random.below(4) : 1;
  for (let left = bodies; left > 0; left--)
    lines.push(
      "body",
      ...body(
        random,
        files.map(({ bytes }) => bytes),
      ),
      ".",
    );
  return `${lines.join("\n")}\nend read\n`;
}

/** Less often than a lie: it is asked for every path. */
const odd = (random: Random) => random.oneIn(300);

function size(random: Random, real: number): string {
  return random.oneIn(100)
    ? random.pick(["0", "1", "99999999999", "999999999999999", "8388609", String(real + 1)])
    : String(real);
}

/** Base64 of gzip; broken, empty or a bomb now and then. */
function body(random: Random, contents: Buffer[]): string[] {
  const packed = random.oneIn(400) ? bomb() : gzipSync(Buffer.concat([...contents, Buffer.from(MOUNTS)]), { level: 1 });
  const cut = random.oneIn(12) ? packed.subarray(0, random.below(packed.length)) : packed;
  return (cut.toString("base64").match(/.{1,76}/g) ?? []) as string[];
}

/** 65 MiB of nothing. */
const bomb = once(() => gzipSync(Buffer.alloc(65 << 20)));

const SEEDS = once(() =>
  ["read \nf /etc/x///etc/x\nbody\nH4sIAAAAAAAAAwMAAAAAAAAAAAA=\n.\nend read\n"].map((text) => Buffer.from(text)),
);

const WORDS = words("read end body . f h u a o s p c w T t // 81a4 644 /etc/x //etc/x acrn-dm \\ :");

/** A frame, changed as bytes besides every third time. */
export function frameBytes(random: Random): Buffer {
  const made = Buffer.from(frame(random), "latin1");
  return random.oneIn(3) ? mutated(random, { seeds: [made, ...SEEDS()], words: WORDS }) : made;
}
