import assert from "node:assert/strict";
import type { FieldValue } from "../../../../provider/core/claims/types";
import type { AcrnError } from "../../../../provider/core/errors";
import {
  checkLength,
  checkParam,
  getParam,
  keyOfField,
  normalValue,
  paramField,
  parseCmdline,
  recordParam,
  repeatOf,
  restoreParam,
  setParam,
} from "../../../../provider/core/kernel/cmdline";
import { parseRaw } from "../../../../provider/core/kernel/cmdline/restore";

describe("kernel command line: read", () => {
  const ROWS: [what: string, line: string, key: string, value: unknown][] = [
    ["a word", "ro quiet", "quiet", true],
    ["an empty value, which is no word alone", "a= b", "a", ""],
    ["quotes around the value", 'key="a b" c', "key", "a b"],
    ["quotes around the whole word", '"key=a b" c', "key", "a b"],
    ["quotes in the middle, which stay", 'key=a"b c"d e', "key", 'a"b c"d'],
    ["quotes that open twice, so that a blank ends the word", '"key="a b"', "key", "a"],
    ["a `=` at the very beginning", "=x=1", "=x", "1"],
    ["a `=` within the value", "root=UUID=1", "root", "UUID=1"],
    ["spelled with a hyphen", "rcu-nocbs=2", "rcu_nocbs", "2"],
    ["asked for with a hyphen", "rcu_nocbs=2", "rcu-nocbs", "2"],
    ["not in the value", "a=b-c", "a", "b-c"],
    ["several, in their order", "console=tty0 x console=ttyS0", "console", ["tty0", "ttyS0"]],
    [
      "pairs, in their order",
      "hugepagesz=1G hugepages=2 x hugepagesz=2M hugepages=3",
      "hugepages",
      ["hugepagesz=1G", "hugepages=2", "hugepagesz=2M", "hugepages=3"],
    ],
    ["one of a pair alone", "hugepages=8", "hugepages", "8"],
    ["a size without its number", "hugepagesz=1G", "hugepages", ["hugepagesz=1G"]],
    ["nothing behind --", "a -- b=1", "b", undefined],
    ["what only begins with --", "--x=1", "__x", "1"],
    ["flags in any order", "isolcpus=domain,nohz,3,2", "isolcpus", "nohz,domain,2-3"],
    ["a flag twice, and an unknown one", "isolcpus=new,domain,domain,1", "isolcpus", "domain,new,1"],
    ["a list that only the kernel tells", "isolcpus=domain,1-N", "isolcpus", "domain,1-N"],
    ["a CPU list", "nohz_full=5,3-4", "nohz_full", "3-5"],
    ["another value, as it is", "tsc=b,a", "tsc", "b,a"],
    ["not part of a longer name", "isolcpus_x=1", "isolcpus", undefined],
  ];
  for (const [what, line, key, value] of ROWS) it(what, () => assert.deepEqual(getParam(line, key), value));

  it("says that a quote does not end, and puts nothing behind it", () => {
    assert.equal(parseCmdline('a "b c').open, true);
    assert.throws(() => setParam('a "b c', "isolcpus", "1"), { code: "cmdline.quote" });
  });
});

describe("kernel command line: written", () => {
  const ROWS: [what: string, line: string, key: string, value: FieldValue, after: string][] = [
    ["behind the last parameter", "ro quiet", "isolcpus", "1", "ro quiet isolcpus=1"],
    ["before the white space at the end", "ro quiet \n", "isolcpus", "1", "ro quiet isolcpus=1 \n"],
    ["before the words of init", "ro -- x", "isolcpus", "1", "ro isolcpus=1 -- x"],
    ["into an empty line", "", "a", true, "a"],
    ["in its place", "a=1  b=2\tc", "b", "3", "a=1  b=3\tc"],
    ["with its spelling", "rcu-nocbs=1", "rcu_nocbs", "2", "rcu-nocbs=2"],
    ["with the quotes that it needs", "a", "dyndbg", "file x +p", 'a dyndbg="file x +p"'],
    ["as one where there were more", "console=a x console=b", "console", "c", "console=c x"],
    ["as more where there was one", "console=a x", "console", ["a", "b"], "console=a console=b x"],
    ["taken out from the beginning", "a  b", "a", null, "b"],
    ["taken out from the middle", "a  b c", "b", null, "a c"],
    [
      "not at all where it means the same",
      "isolcpus=domain,nohz,3,2",
      "isolcpus",
      "nohz,domain,2-3",
      "isolcpus=domain,nohz,3,2",
    ],
    ["as a number's text", "", "panic", 15, "panic=15"],
    [
      "pair for pair",
      "hugepagesz=1G hugepages=2 quiet",
      "hugepages",
      ["hugepagesz=1G", "hugepages=4"],
      "hugepagesz=1G hugepages=4 quiet",
    ],
  ];
  for (const [what, line, key, value, after] of ROWS)
    it(what, () => {
      assert.equal(setParam(line, key, value), after);
      assert.equal(restoreParam(after, key, recordParam(line, key)), line);
    });

  const REFUSED: [what: string, key: string, value: FieldValue, says: RegExp][] = [
    ["a quote in a value", "a", 'b"c', /cannot read a quote/],
    ["a line break", "a", "b\nc", /line break/],
    ["a character outside of ASCII", "a", "\u00e0", /outside of ASCII/],
    ["a name with a blank", "a b", "1", /no name/],
    ["a name with a `=`", "a=b", "1", /no name/],
    ["what ends the kernel's part", "--", true, /no name/],
    ["false", "a", false, /no value/],
    ["an object", "a", { b: 1 }, /no value/],
    ["an empty list", "console", [], /no value/],
    ["a number alone in a list of pairs", "hugepages", ["4", "5"], /Each item/],
  ];
  for (const [what, key, value, says] of REFUSED)
    it(`refuses ${what}, on its property`, () =>
      assert.throws(
        () => checkParam(key, value, "kernelArgs.a"),
        (error: AcrnError) => {
          assert.equal(error.code, "cmdline.value");
          assert.equal(error.property, "kernelArgs.a");
          assert.match(error.message, says);
          return true;
        },
      ));

  it("counts bytes, and says both numbers where an x86 kernel would cut", () => {
    checkLength("a".repeat(2047));
    assert.throws(() => checkLength("a".repeat(2048)), /has 2048 bytes, and an x86 kernel takes 2047/);
    assert.throws(() => checkLength("\u00e0".repeat(1024)), { code: "cmdline.long" });
  });
});

describe("kernel command line: fields and records", () => {
  it("one field for each spelling", () => {
    assert.equal(paramField("rcu-nocbs"), "param[rcu_nocbs]");
    assert.equal(paramField("hugepagesz"), "param[hugepages]");
    assert.equal(keyOfField("param[rcu_nocbs]"), "rcu_nocbs");
    for (const odd of ["param[rcu-nocbs]", "param[hugepagesz]", "param[]", "param[a b]", "arg[-m]", "param[a=b]"])
      assert.equal(keyOfField(odd), undefined, odd);
  });

  it("one spelling for each value", () => {
    assert.deepEqual(normalValue("console", ["tty0"]), "tty0");
    assert.deepEqual(normalValue("hugepages", ["hugepages=4"]), "4");
    assert.deepEqual(normalValue("panic", 0), "0");
    assert.deepEqual(normalValue("irqaffinity", "1,0"), "0-1");
    assert.deepEqual(normalValue("a", null), null);
  });

  it("which of several counts", () => {
    assert.deepEqual(["isolcpus", "rcu_nocbs", "console", "what"].map(repeatOf), ["first", "last", "all", "unknown"]);
  });

  it("takes no record that it did not make", () => {
    const raw = recordParam("a b=1  b=2 c", "b") as string;
    assert.equal(parseRaw(raw)?.length, 1);
    for (const bad of ["", "[]", "{}", "[1]", raw.replace('"b=1"', "1"), raw.replace('"  "', '"x"'), '[{"words":[]}]'])
      assert.equal(parseRaw(bad), undefined, bad);
    assert.equal(restoreParam("a c", "b", "no record"), "a c");
  });
});
