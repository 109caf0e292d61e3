import assert from "node:assert/strict";
import fc from "fast-check";
import { sysctlName, sysctlPath } from "../../../../provider/core/tuning/sysctl/names";
import { parseSysctls } from "../../../../provider/core/tuning/sysctl/parse";

describe("names of sysctls", () => {
  const rows: [string, string][] = [
    ["kernel.timer_migration", "kernel/timer_migration"],
    ["kernel/timer_migration", "kernel/timer_migration"],
    ["/kernel/timer_migration", "kernel/timer_migration"],
    ["net.ipv4.conf.enp3s0/200.forwarding", "net/ipv4/conf/enp3s0.200/forwarding"],
    ["net/ipv4/conf/enp3s0.200/forwarding", "net/ipv4/conf/enp3s0.200/forwarding"],
    ["key/middle.part.with.dots/foo", "key/middle.part.with.dots/foo"],
    ["key.middle/part/with/dots.foo", "key/middle.part.with.dots/foo"],
    ["kernel..x", "kernel/x"],
    ["osrelease", "osrelease"],
  ];
  for (const [name, path] of rows) it(`${name} is ${path}`, () => assert.equal(sysctlPath(name), path));

  it("a path's name is the path again", () => {
    const part = fc.stringMatching(/^[a-z0-9_.]{1,6}$/).filter((each) => !/^\.|\.$|\.\./.test(each));
    fc.assert(
      fc.property(
        part.filter((each) => !each.includes(".")),
        fc.array(part, { minLength: 1, maxLength: 4 }),
        (top, rest) => {
          const path = [top, ...rest].join("/");
          assert.equal(sysctlPath(sysctlName(path)), path);
        },
      ),
    );
  });
});

describe("a fragment of sysctl.d", () => {
  const text = [
    "# comment = 1",
    "  ; comment = 2",
    "",
    "kernel.timer_migration=0",
    "\tkernel.printk =  3 1 1 7  \r",
    "-kernel.numa_balancing = 0",
    "net.ipv4.conf.*.rp_filter = 2",
    "-net.ipv4.conf.all.rp_filter",
    "no assignment",
    "=5",
    "kernel.modprobe = /sbin/mod=probe # no comment",
    "kernel.empty =",
  ].join("\n");

  it("says what each line says, and nothing of others", () =>
    assert.deepEqual(
      parseSysctls(text).map(({ kind, path, value, pattern, ignoreFailure, line }) => [
        line,
        kind,
        path,
        value,
        [...(pattern ? ["pattern"] : []), ...(ignoreFailure ? ["may fail"] : [])].join(),
      ]),
      [
        [4, "assignment", "kernel/timer_migration", "0", ""],
        [5, "assignment", "kernel/printk", "3 1 1 7", ""],
        [6, "assignment", "kernel/numa_balancing", "0", "may fail"],
        [7, "assignment", "net/ipv4/conf/*/rp_filter", "2", "pattern"],
        [8, "exclusion", "net/ipv4/conf/all/rp_filter", undefined, ""],
        [11, "assignment", "kernel/modprobe", "/sbin/mod=probe # no comment", ""],
        [12, "assignment", "kernel/empty", "", ""],
      ],
    ));

  it("places are those of the text, for any text", () => {
    const piece = fc.constantFrom(
      "kernel.a",
      "=",
      "-",
      " ",
      "\t",
      "\n",
      "\r",
      "#",
      "1",
      "*",
      ".",
      "/",
      "\u00a0",
      "\ufeff",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((all) => all.join("")),
        (any) => {
          let last = 0;
          for (const { start, end, valueAt, value, line } of parseSysctls(any)) {
            assert.ok(last <= start && start < end && end <= any.length);
            assert.ok(end === any.length || any[end - 1] === "\n");
            assert.ok(start <= valueAt.start && valueAt.start <= valueAt.end && valueAt.end <= end);
            if (value !== undefined) assert.equal(any.slice(valueAt.start, valueAt.end), value);
            assert.equal(any.slice(0, start).split("\n").length, line);
            last = end;
          }
        },
      ),
    );
  });

  it("a mark of byte order at the start is not part of the first name", () =>
    assert.equal(parseSysctls("\ufeffkernel.x=1")[0]?.path, "kernel/x"));

  it("a line of blanks without an end takes no time", () => {
    const blanks = " ".repeat(200_000);
    assert.equal(parseSysctls(`kernel.x =${blanks}1${blanks}`)[0]?.value, "1");
  });
});
