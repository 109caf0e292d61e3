import assert from "node:assert/strict";
import fc from "fast-check";
import { resolve } from "../../../../provider/core/claims/resolve";
import type { Ledger, Wish } from "../../../../provider/core/claims/types";
import { SYSCTL, SYSCTL_FRAGMENT, sysctlDocument, sysctlId } from "../../../../provider/core/tuning/sysctl/fragment";
import { sysctlSurface } from "../../../../provider/core/tuning/sysctl/surface";

const { read, write, restore, takes, sameFields, show } = sysctlSurface;
const FILE = SYSCTL_FRAGMENT;
const key = (name: string) => `sysctl[${name}]`;
const HEADER = "# Kernel settings of pulumi-acrn. Whoever owns a line says so: pulumi-acrn claims\n";

const names = ["kernel.timer_migration", "vm.stat_interval", "net.ipv4.conf.eth0/1.rp_filter", "kernel/printk"];
const aValue = fc.constantFrom("0", "1", "10", "3 1 1 7", "-1", "a=b # c");
const aName = fc.constantFrom(...names);
const aLine = fc.oneof(
  fc
    .tuple(aName, aValue, fc.constantFrom("=", " = ", "\t=  "), fc.constantFrom("", "-"))
    .map(([n, v, eq, dash]) => `${dash}${n}${eq}${v}`),
  fc.constantFrom("# a comment", "", "  ", "; kernel.timer_migration = 7", "-vm.stat_interval", "vm.* = 3", "nonsense"),
);
const aText = fc
  .tuple(fc.array(aLine, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, end, closed]) => lines.join(end) + (closed && lines.length > 0 ? end : ""));

describe("a fragment of sysctl.d as fields", () => {
  it("is made with a header, line by line, and is gone with the last", () => {
    const one = write("", FILE, key("vm.stat_interval"), "10");
    assert.equal(one, `${HEADER}vm.stat_interval = 10\n`);
    const two = write(one, FILE, key("kernel/printk"), "3 1 1 7");
    assert.equal(two, `${HEADER}vm.stat_interval = 10\nkernel.printk = 3 1 1 7\n`);
    assert.equal(
      write(two, FILE, key("vm.stat_interval"), "5"),
      `${HEADER}vm.stat_interval = 5\nkernel.printk = 3 1 1 7\n`,
    );
    const left = restore(two, FILE, key("vm.stat_interval"), undefined);
    assert.equal(left, `${HEADER}kernel.printk = 3 1 1 7\n`);
    assert.equal(write(left, FILE, key("kernel.printk"), null), "");
  });

  it("a comment that somebody added keeps it there", () => {
    const text = `${write("", FILE, key("vm.stat_interval"), "10")}# mine\n`;
    assert.equal(restore(text, FILE, key("vm.stat_interval"), undefined), `${HEADER}# mine\n`);
  });

  it("of a name that stands twice the last one counts", () => {
    const text = "vm.stat_interval=1\nvm/stat_interval=2\n";
    assert.deepEqual(read(text, FILE, key("vm.stat_interval")), {
      kind: "value",
      value: "2",
      raw: "vm/stat_interval=2",
    });
    assert.equal(write(text, FILE, key("vm.stat_interval"), null), "");
  });

  it("what is written reads back; nothing outside the field moves; what was there comes back byte for byte", () => {
    fc.assert(
      fc.property(aText, aName, aValue, (text, name, value) => {
        const was = read(text, FILE, key(name));
        const after = write(text, FILE, key(name), value);
        const now = read(after, FILE, key(name));
        assert.ok(now.kind === "value" && now.value === value);
        assert.ok(takes(key(name), now.value, now.raw));
        assert.equal(write(after, FILE, key(name), value), after, "twice is once");
        for (const other of names.filter((each) => each !== name))
          assert.deepEqual(read(after, FILE, key(other)), read(text, FILE, key(other)));
        const back = restore(after, FILE, key(name), was.kind === "value" ? was.raw : undefined);
        if (was.kind === "value") assert.equal(back, text);
        else assert.ok(sameFields(back, text, FILE) || sameFields(back, HEADER, FILE), JSON.stringify(back));
      }),
    );
  });

  it("two owners of different keys commute in what is set", () => {
    fc.assert(
      fc.property(aText, aValue, aValue, (text, a, b) => {
        const [x, y] = [key("kernel.a"), key("kernel.b")];
        const one = write(write(text, FILE, x, a), FILE, y, b);
        const other = write(write(text, FILE, y, b), FILE, x, a);
        for (const each of [x, y]) assert.deepEqual(found(one, each), found(other, each));
        assert.equal(
          restore(restore(one, FILE, x, undefined), FILE, y, undefined),
          restore(restore(one, FILE, y, undefined), FILE, x, undefined),
        );
      }),
    );
  });

  it("a ledger may hold one line of that name, and nothing else", () => {
    const rows: [string, Parameters<typeof takes>, boolean][] = [
      ["a value", [key("vm.x"), "1"], true],
      ["absence", [key("vm.x"), null], true],
      ["its own line", [key("vm.x"), "1", "-vm/x =\t1"], true],
      ["another value's line", [key("vm.x"), "1", "vm.x=2"], false],
      ["another name's line", [key("vm.x"), "1", "vm.y=1"], false],
      ["two lines", [key("vm.x"), "1", "vm.x=1\nvm.y=2"], false],
      ["a line break", [key("vm.x"), "1\n2"], false],
      ["a number", [key("vm.x"), 1], false],
      ["a field of a later version", ["other[x]", 1], true],
    ];
    for (const [title, args, ok] of rows) assert.equal(takes(...args), ok, title);
  });

  it("a name is one field, whichever way it is written", () => {
    assert.equal(sysctlId("kernel/printk"), sysctlId("kernel.printk"));
    assert.equal(sysctlId("net/ipv4/conf/eth0.1/rp_filter"), "sysctl sysctl[net.ipv4.conf.eth0/1.rp_filter]");
  });

  it("another field, and a value of two lines, are refused", () => {
    assert.throws(() => read("", FILE, "other[x]"), { code: "field.unknown" });
    assert.throws(() => write("", FILE, key("vm.x"), "1\n2"), { code: "tuning.sysctl" });
    assert.throws(() => write("", FILE, key("vm.x"), 5), { code: "tuning.sysctl" });
    assert.throws(() => write("", FILE, key("vm.x"), " 5"), { code: "tuning.sysctl" }, "it would not read back");
    assert.throws(() => write("", FILE, key("vm.x"), ""), { code: "tuning.sysctl" });
    assert.equal(show("3 1"), "3 1");
    assert.equal(show(null), "(absent)");
  });
});

describe("the fragment under claims", () => {
  const empty: Ledger = { format: 1, sequence: 0, owners: {}, documents: {}, fields: {} };
  const who = (urn: string) => ({ stack: "dev", urns: [urn], kind: "GuestKernelTuning" });
  const at = (text: string | undefined) => new Map([[SYSCTL, sysctlDocument(text)]]);
  const wish = (name: string, value: string): Wish => ({ field: sysctlId(name), value });
  const rest = (before: string | undefined, files: { after: string | undefined }[]) =>
    files[0] ? files[0].after : before;

  it("two owners come and go in any order, and every byte is back", () => {
    for (const start of [undefined, "# by hand\nvm.swappiness=60"])
      for (const first of ["a", "b"]) {
        const one = resolve(at(start), empty, { who: who("a"), id: "a", wishes: [wish("vm.stat_interval", "10")] });
        const text1 = rest(start, one.plan.files);
        const two = resolve(at(text1), one.ledger, { who: who("b"), id: "b", wishes: [wish("vm.swappiness", "10")] });
        const text2 = rest(text1, two.plan.files);
        assert.match(text2 ?? "", /vm\.stat_interval = 10\n/);
        const three = resolve(at(text2), two.ledger, { who: who(first), id: first, wishes: undefined });
        const text3 = rest(text2, three.plan.files);
        const second = first === "a" ? "b" : "a";
        const four = resolve(at(text3), three.ledger, { who: who(second), id: second, wishes: undefined });
        assert.equal(rest(text3, four.plan.files), start, `${first} first`);
        assert.deepEqual(four.ledger.fields, {});
      }
  });
});

function found(text: string, each: string): unknown {
  const reading = read(text, FILE, each);
  return reading.kind === "value" ? reading.value : undefined;
}
