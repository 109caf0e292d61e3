import assert from "node:assert/strict";
import fc from "fast-check";
import { swapOrder } from "../../provider/host/order";
import type { FileChange } from "../../provider/host/types";

const LEDGER = "/var/lib/pulumi-acrn/ledger.json";
const [SCENARIO, IMAGE, SCRIPT, UNIT, GRUB] = [
  "/var/lib/pulumi-acrn/scenario.xml",
  "/var/lib/pulumi-acrn/images/ab/launch.sh",
  "/root/acrn-work/launch.sh",
  "/etc/systemd/system/rtvm.service",
  "/etc/default/grub",
] as const;
const [ENTRY, WORDS, OWNED, WRAPPER, BEHIND] = [
  "/usr/share/acrn/conf/add/RT.sh",
  "/usr/share/acrn/conf/add/RT.args",
  "/var/lib/pulumi-acrn/launch/RT.sh",
  "/var/lib/pulumi-acrn/images/next/RT.sh",
  "/var/lib/pulumi-acrn/images/next/RT.edited.sh",
] as const;
const write = (path: string, last = false): FileChange => ({ path, before: "absent", after: Buffer.of(), last });
const remove = (path: string): FileChange => ({ path, before: "", after: null });
const shown = (changes: readonly FileChange[]) => changes.map(({ path, after }) => `${after ? "" : "-"}${path}`);

describe("the order of the swaps", () => {
  const rows: [title: string, given: FileChange[], expected: string[]][] = [
    [
      "the ledger, then what is pointed at before what points at it",
      [GRUB, UNIT, SCRIPT, IMAGE, SCENARIO, LEDGER].map((path) => write(path)),
      [LEDGER, SCENARIO, IMAGE, SCRIPT, UNIT, GRUB],
    ],
    [
      "removed the other way round, the ledger at the end",
      [LEDGER, SCENARIO, IMAGE, SCRIPT, UNIT, GRUB].map(remove),
      [GRUB, UNIT, SCRIPT, IMAGE, SCENARIO, LEDGER].map((path) => `-${path}`),
    ],
    [
      "what replaces is there before what it replaces goes",
      [remove(SCRIPT), write(IMAGE), write(UNIT)],
      [IMAGE, UNIT, `-${SCRIPT}`],
    ],
    [
      "a ledger that only gives back comes after what it gives back",
      [write(LEDGER, true), write(SCENARIO), remove(GRUB)],
      [SCENARIO, `-${GRUB}`, LEDGER],
    ],
    [
      "an autostart entry comes behind its words and the script that it calls, and goes before them",
      [write(ENTRY), write(OWNED), write(WRAPPER), write(BEHIND), write(WORDS)],
      [BEHIND, WORDS, WRAPPER, OWNED, ENTRY],
    ],
    [
      "the same removed",
      [remove(WORDS), remove(BEHIND), remove(WRAPPER), remove(OWNED), remove(ENTRY)],
      [ENTRY, OWNED, WRAPPER, WORDS, BEHIND].map((path) => `-${path}`),
    ],
    ["as given within a rank", [write("/etc/b"), write("/etc/a")], ["/etc/b", "/etc/a"]],
  ];
  for (const [title, given, expected] of rows) it(title, () => assert.deepEqual(shown(swapOrder(given)), expected));

  it("does not depend on the order given, but within a rank, and loses nothing", () => {
    const all = [write(LEDGER), write(SCENARIO), write(IMAGE), remove(SCRIPT), write(UNIT), remove(GRUB)];
    const once = shown(swapOrder(all));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (given) =>
        assert.deepEqual(shown(swapOrder(given)), once),
      ),
    );
  });
});
