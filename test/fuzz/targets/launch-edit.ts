import assert from "node:assert/strict";
import { launchSurface } from "../../../provider/core/acrn/launch-script/surface";
import { AcrnError } from "../../../provider/core/errors";
import { mutated } from "../mutate";
import { once, scripts, words } from "../seeds";
import { Refused, type Target } from "../target";

const FILE = "/x.sh";

/** What an RtVm changes in a script of somebody else's, in turn: values that stay bare, that need quotes, flags, and one to be gone. */
const EDITS: readonly [key: string, value: string | true | null][] = [
  ["arg[-m]", "2048M"],
  ["arg[--cpu_affinity]", "4,6"],
  ["arg[--virtio_poll]", "500000"],
  ["arg[--rtvm]", true],
  ["arg[-B]", "root=/dev/sda3 a='b c' $d `e` \\ \"f\""],
  ["arg[--ovmf]", null],
  ["arg[-s 3]", "virtio-blk,/d"],
];

const SHELL = words(
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
  "acrn-dm -m --cpu_affinity --virtio_poll --rtvm -B --ovmf -s 3,x add_cpus `add_cpus 4` $(date) ${mem} $mem mem=1G dm_params=( ) # ' \" \\ ; & <<EOF EOF \r",
);
const material = once(() => ({ seeds: scripts(), words: SHELL }));

/** Foreign scripts edited and given back: the value is there, nothing else has another, and every byte returns (laws 2 and 6). */
export const launchEdit: Target = {
  name: "launch script, edited",
  runs: 1500,
  make: (random) => mutated(random, material()),
  run: (input) => {
    const text = input.toString("utf8");
    const [key, value] = EDITS[input.length % EDITS.length] as (typeof EDITS)[number];
    const before = launchSurface.read(text, FILE, key);
    if (before.kind === "no-place") return refusedBoth(text, key, value, before.why);
    const edited = launchSurface.write(text, FILE, key, value);
    const after = launchSurface.read(edited, FILE, key);
    assert.deepEqual(after.kind === "value" ? after.value : null, value, "what was written reads back");
    assert.equal(launchSurface.write(edited, FILE, key, value), edited, "written again: the same bytes");
    const raw = before.kind === "value" ? before.raw : undefined;
    const back = launchSurface.restore(edited, FILE, key, raw);
    assert.equal(blanks(back), blanks(text), "what was there comes back");
    return [before, edited];
  },
  texts: (input) => new Map([[FILE, input.toString("utf8")]]),
  placeless: /^launch\./, // of a line, and no column: the words on it
  grow: {
    "one line of 1 MB and more": (n) => Buffer.from(`acrn-dm -m 1G ${"-A ".repeat(n / 3)}X\n`),
    "a value of that size": (n) => Buffer.from(`acrn-dm -m 1G -B '${"a".repeat(n)}' X\n`),
    "an array of lines": (n) => Buffer.from(`a=(\n${"  -A\n".repeat(n / 5)}  X\n)\nacrn-dm "\${a[@]}"\n`),
  },
};

/** Of what bash cannot read a blank more may be left: where nothing else tells a file from its original, the original's bytes go back (claims/close-document.ts). */
const blanks = (text: string): string => text.replace(/[ \t\n]+/g, " ");

/** No place: then it cannot be written either, and the error says where. */
function refusedBoth(text: string, key: string, value: string | true | null, why: string): Refused {
  try {
    const edited = launchSurface.write(text, FILE, key, value);
    assert.equal(edited, text, `no place (${why}), and yet it was written`);
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
    return new Refused(error.code);
  }
  return new Refused("no-place");
}
