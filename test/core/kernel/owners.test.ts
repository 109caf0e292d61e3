import assert from "node:assert/strict";
import fc from "fast-check";
import { getParam, parseCmdline } from "../../../provider/core/kernel/cmdline";
import { wishArbitrary } from "./lines";
import { debian, EXTLINUX, rhel, systemdBoot } from "./machines";
import { argumentsOf, Tree, wishesOn } from "./tree";

const D = "GRUB_CMDLINE_LINUX_DEFAULT";
const MACHINES: [what: string, files: Record<string, string>][] = [
  ["GRUB", debian(`${D}="quiet  isolcpus=9 console=tty0"\n`, "quiet isolcpus=9 console=tty0")],
  ["GRUB that reads BLS entries", rhel()],
  ["systemd-boot", systemdBoot()],
  ["extlinux", { "/boot/extlinux/extlinux.conf": EXTLINUX }],
];

const TIPS = argumentsOf("acrn-tips");
const OTHER = { console: ["tty0", "ttyS0"], hugepages: "4", quiet: null };

describe("two owners of one kernel line", () => {
  for (const [what, files] of MACHINES) {
    it(`${what}: in turns, each has nothing left to do`, () => {
      const tree = new Tree(files);
      const line = tree.line();
      tree.claim("a", wishesOn(line, TIPS));
      tree.claim("b", wishesOn(line, OTHER));
      const settled = tree.image();
      for (let turn = 0; turn < 3; turn++)
        for (const [urn, params] of [["a", TIPS] as const, ["b", OTHER] as const])
          assert.deepEqual(tree.claim(urn, wishesOn(line, params)), [], urn);
      assert.equal(tree.image(), settled);
    });

    it(`${what}: whoever comes first and whoever goes first, every byte comes back`, () => {
      // values without blanks, which GRUB cannot hand on
      const wishes = fc
        .uniqueArray(wishArbitrary, { selector: ([key]) => key, maxLength: 3 })
        .map((list) => Object.fromEntries(list.filter(([, value]) => value !== "a b")));
      const order = fc.shuffledSubarray(["a", "b"], { minLength: 2 });
      fc.assert(
        fc.property(wishes, order, order, (params, come, go) => {
          const tree = new Tree(files);
          const before = tree.image();
          const line = tree.line();
          for (const urn of come) tree.claim(urn, wishesOn(line, urn === "a" ? TIPS : without(params, TIPS)));
          for (const urn of go) tree.claim(urn, undefined);
          assert.deepEqual([tree.image(), tree.claimed], [before, false]);
        }),
        { numRuns: 30 },
      );
    });
  }

  it("a tool that spells the same otherwise, or in another order, is no drift and is not written over", () => {
    const tree = new Tree(debian());
    const line = tree.line();
    const path = "/etc/default/grub";
    tree.claim("a", wishesOn(line, TIPS));
    const text = tree.files.get(path) as string;
    const respelled = text
      .replace("isolcpus=nohz,domain,2-3", "isolcpus=domain,nohz,3,2")
      .replace("rcu_nocb_poll", "rcu-nocb-poll");
    assert.notEqual(respelled, text);
    const [, words = ""] = new RegExp(`${D}="([^"]*)"`).exec(respelled) ?? [];
    const turned = respelled.replace(words, words.split(" ").reverse().join(" "));
    for (const now of [respelled, turned]) {
      tree.files.set(path, now);
      assert.deepEqual(tree.claim("a", wishesOn(line, TIPS)), []);
      assert.equal(tree.files.get(path), now);
    }
    tree.claim("a", undefined);
    const [, left = ""] = new RegExp(`${D}="([^"]*)"`).exec(tree.files.get(path) as string) ?? [];
    assert.deepEqual(
      parseCmdline(left).params.map(({ raw }) => raw),
      ["quiet"],
    );
  });

  it("what a tool takes out comes back on the next run, once", () => {
    const tree = new Tree(debian());
    const line = tree.line();
    const path = "/etc/default/grub";
    tree.claim("a", wishesOn(line, TIPS));
    tree.files.set(path, (tree.files.get(path) as string).replace(" idle=poll", ""));
    assert.deepEqual(tree.claim("a", wishesOn(line, TIPS)), [path]);
    const [, words = ""] = new RegExp(`${D}="([^"]*)"`).exec(tree.files.get(path) as string) ?? [];
    assert.equal(getParam(words, "idle"), "poll");
    assert.deepEqual(tree.claim("a", wishesOn(line, TIPS)), []);
  });
});

/** Of different keys: two owners that wish one key otherwise take turns by sequence, which is claims' own matter. */
function without<T>(params: Readonly<Record<string, T>>, taken: object): Record<string, T> {
  return Object.fromEntries(Object.entries(params).filter(([key]) => !(key in taken)));
}
