import assert from "node:assert/strict";
import fc from "fast-check";
import type { Document } from "../../../../provider/core/claims/types";
import {
  nameOfRunningSysctl,
  pathOfRunningSysctl,
  runningSysctlDocument,
  runningSysctlDocumentId,
  runningSysctlId,
  runningSysctlText,
  runningSysctlValue,
  textNameOf,
} from "../../../../provider/core/tuning/sysctl/running";

const ID = runningSysctlDocumentId("kernel.printk");
const KEY = "value";

/** @param said what /proc/sys says of kernel.printk; undefined: there is no such sysctl */
function printk(said?: string): Document {
  const texts = new Map(said === undefined ? [] : [["proc/sys/kernel/printk", said]]);
  return runningSysctlDocument(ID, { texts }) as Document;
}

const { surface, path: FILE } = printk();
const { read, write, restore, takes, sameFields, show } = surface;

describe("sysctls that run: their ids", () => {
  const names: [name: string, id: string, path: string][] = [
    ["kernel.timer_migration", "procsys[kernel.timer_migration] value", "/proc/sys/kernel/timer_migration"],
    ["kernel/timer_migration", "procsys[kernel.timer_migration] value", "/proc/sys/kernel/timer_migration"],
    ["net.ipv4.conf.eth0/1.x", "procsys[net.ipv4.conf.eth0/1.x] value", "/proc/sys/net/ipv4/conf/eth0.1/x"],
    ["net/ipv4/conf/eth0.1/x", "procsys[net.ipv4.conf.eth0/1.x] value", "/proc/sys/net/ipv4/conf/eth0.1/x"],
    ["//kernel//printk/", "procsys[kernel.printk] value", "/proc/sys/kernel/printk"],
  ];
  for (const [name, id, path] of names)
    it(`${name} is ${id}`, () => {
      assert.equal(runningSysctlId(name), id);
      assert.equal(id, `${runningSysctlDocumentId(name)} value`);
      assert.deepEqual([pathOfRunningSysctl(id), textNameOf(id)], [path, path.slice(1)]);
      assert.equal(runningSysctlId(nameOfRunningSysctl(id) as string), id);
    });

  const hostile = [
    ...["kernel.//.x", "kernel/../x", "../x", "..", ".", "a.b..c", "a./.b", "a.", "/etc/x", ".x", "a/b/./c"],
    ...["", "a b", "a]b", "a\nb", "a;b", "a$b", "ä.b", "kernel/printk", "eth0/1.x"],
  ];
  for (const name of hostile)
    it(`of ${JSON.stringify(name)} in a ledger there is none`, () => {
      for (const id of [`procsys[${name}]`, `procsys[${name}] value`]) {
        assert.deepEqual([nameOfRunningSysctl(id), pathOfRunningSysctl(id), textNameOf(id)], Array(3).fill(undefined));
        assert.equal(runningSysctlDocument(id, { texts: new Map() }), undefined);
      }
    });

  for (const id of [
    "sysctl",
    "sysctl[kernel.x]",
    "procsys",
    "xprocsys[kernel.x]",
    "procsys[kernel.x]y",
    "gpu[kernel.x]",
  ])
    it(`${id} is none`, () => assert.equal(nameOfRunningSysctl(id), undefined));

  it("a name that would lead elsewhere is refused", () => {
    for (const name of ["kernel.//.x", "a b", ""])
      assert.throws(() => runningSysctlId(name), { code: "tuning.sysctl" });
  });

  it("whatever the ledger has: what is a name stays below /proc/sys, and is the same name again", () => {
    const part = fc.constantFrom(
      "kernel",
      "printk",
      "eth0",
      ".",
      "..",
      "/",
      "//",
      "../",
      "a",
      "-",
      "_",
      "[",
      "]",
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = pathOfRunningSysctl(`procsys[${parts.join("")}]`);
        if (path === undefined) return;
        assert.match(path, /^\/proc\/sys\/[A-Za-z0-9_./-]+$/);
        assert.ok(path.split("/").every((each, at) => at === 0 || (each !== "" && each !== "." && each !== "..")));
        assert.equal(runningSysctlDocumentId(parts.join("")), `procsys[${parts.join("")}]`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("sysctls that run: their value", () => {
  const said: [said: string | undefined, reading: string | RegExp][] = [
    ["7\t4\t1\t7", "7 4 1 7"],
    ["0", "0"],
    ["  2   0 ", "2 0"],
    ["|/usr/bin/x  %p", "|/usr/bin/x %p"],
    ["", ""],
    [undefined, /no such sysctl now/],
    ["a\nb", /not one value/],
    ["\n", /not one value/],
    ["\u0007", /not one value/],
    ["ä", /not one value/],
  ];
  for (const [text, value] of said)
    it(`${JSON.stringify(text)} is ${value}`, () => {
      const { live, blank } = printk(text);
      const reading = read((live ?? blank) as string, FILE, KEY);
      if (typeof value === "string") assert.deepEqual(reading, { kind: "value", value, raw: text });
      else assert.match(reading.kind === "no-place" ? reading.why : "", value);
      assert.equal(runningSysctlText(live), typeof value === "string" ? text : undefined);
    });

  it("a folder's kernel does not run: no value has a place there", () => assert.equal(printk().live, undefined));

  it("of a newer version's field nothing is read or written", () => {
    assert.equal(read("1\n", FILE, "min").kind, "no-place");
    assert.equal(write("1\n", FILE, "min", "2"), "1\n");
    assert.equal(restore("1\n", FILE, "min", "2"), "1\n");
    assert.ok(takes("min", 7));
  });

  const taken: [value: unknown, raw: string | undefined, ok: boolean][] = [
    ["3 1 1 7", undefined, true],
    ["3 1 1 7", "3\t1\t1\t7", true],
    ["3 1 1 7", "3 1 1 8", false],
    ["3 1 1 7", "3 1 1 7\n", false],
    ["3\t1", undefined, false],
    [" 3", undefined, false],
    ["3\ngo", undefined, false],
    ["ä", undefined, false],
    ["", "", true],
    [3, undefined, false],
    [null, undefined, false],
    [["3"], undefined, false],
  ];
  for (const [value, raw, ok] of taken)
    it(`a ledger that has ${JSON.stringify(value)} of ${JSON.stringify(raw)}: ${ok}`, () =>
      assert.equal(takes(KEY, value as string, raw), ok));

  it("as it is wished", () => {
    assert.equal(runningSysctlValue(" 3\t1  1 7 "), "3 1 1 7");
    for (const text of ["a\nb", "ä", "\0"]) assert.equal(runningSysctlValue(text), undefined);
  });

  it("for people", () => assert.deepEqual(["1", "", null].map(show), ["1", '""', "(absent)"]));

  const aLine = fc
    .array(fc.constantFrom("0", "1", "-7", "abc", " ", "\t", "  "), { maxLength: 6 })
    .map((l) => l.join(""));
  const aText = fc.oneof(
    fc.constant(""),
    aLine.map((line) => `${line}\n`),
    fc.constantFrom("a\nb\n", "\u0007\n"),
  );
  const aValue = aLine.map((line) => runningSysctlValue(line) as string);

  it("what is written reads back, twice is once, nothing is written that is there, and what was comes back byte for byte", () => {
    fc.assert(
      fc.property(aText, aValue, (text, value) => {
        const was = read(text, FILE, KEY);
        const after = write(text, FILE, KEY, value);
        if (was.kind !== "value") return assert.equal(after, text);
        const now = read(after, FILE, KEY);
        assert.equal(now.kind === "value" && now.value, value);
        assert.equal(write(after, FILE, KEY, value), after);
        assert.equal(write(text, FILE, KEY, was.value), text);
        assert.equal(after === text, was.value === value);
        assert.equal(sameFields(after, text, FILE), was.value === value);
        if (was.value !== value) assert.equal(restore(after, FILE, KEY, was.raw), text);
        assert.ok(takes(KEY, was.value as string, was.raw) && takes(KEY, value));
        return assert.equal(restore(after, FILE, KEY, undefined), after);
      }),
    );
  });

  it("null is no value, and no value is nothing", () => {
    for (const value of [null, 3, "a\nb", ["1"]]) assert.equal(write("1\n", FILE, KEY, value), "1\n");
    assert.ok(!sameFields("", "\n", FILE));
  });
});
