import assert from "node:assert/strict";
import { argumentRules } from "../../../../provider/core/acrn/rt-vm/arguments";
import type { RtVmWish } from "../../../../provider/core/acrn/rt-vm/wish";
import type { Dialect } from "../../../../provider/core/acrn/types";

const refused = (dialect: Dialect, wish: Partial<RtVmWish>) =>
  argumentRules({ name: "RT", pcpus: [2], dmArgs: [], ...wish }, dialect);
const kernel = (args: string, image = "/k", ramdisk?: string) => ({
  kernel: { image, args, ...(ramdisk === undefined ? {} : { ramdisk }) },
});
const LONG = "/".padEnd(1024, "x");

/** Refused, and its neighbour that is accepted (reference 6.2). */
const ROWS: [
  what: string,
  dialect: Dialect,
  no: Partial<RtVmWish>,
  yes: Partial<RtVmWish>,
  property: string,
  hint: RegExp,
][] = [
  [
    "1024 bytes of kernel arguments",
    "3.x",
    kernel("x".repeat(1024)),
    kernel("x".repeat(1023)),
    "loader.args",
    /Leave out 1 bytes/,
  ],
  [
    "bytes, not characters",
    "3.x",
    kernel("é".repeat(512)),
    kernel("é".repeat(511)),
    "loader.args",
    /Leave out 1 bytes/,
  ],
  ["bytes of four", "2.x", kernel("😀".repeat(256)), kernel("😀".repeat(255)), "loader.args", /Leave out 1 bytes/],
  ["a long path of the kernel", "3.x", kernel("", LONG), kernel("", LONG.slice(1)), "loader", /Move the file/],
  [
    "a long path of the ramdisk",
    "3.x",
    kernel("", "/k", LONG),
    kernel("", "/k", LONG.slice(1)),
    "loader",
    /Move the file/,
  ],
  ...["-m 1G", "-m=1G", "-m"].map((text) => row(text, "--debugexit", /Take it out of dmArgs and use memory/)),
  row("--cpu_affinity=4", "--vtpm2=/x", /use partition/),
  row("--virtio_poll=1", "--virtio_msi", /use virtioPoll/),
  row("--rtvm", "--enable_trusty", /use the resource itself/),
  row("--lapic_pt", "--windows", /use lapicPassthrough/),
  ...["--ovmf=/f", "-k /k", "-B=x", "-r"].map((text) => row(text, "--iasl=/usr/bin/iasl", /use loader/)),
  row("-U=x", "--debugexit", /Take it out/),
  row("--uuid x", "--debugexit", /Take it out/),
  row("-W", "--virtio_msi", /Take it out/),
  row("--iasl=/x", "-W", /Take it out/, "2.x"),
  row("--cmd_monitor=/x", "-U=x", /Take it out/, "2.x"),
  row("--virtio_msi", "-W", /Take it out/, "2.x"),
  row("", "x", /Take it out/),
  row("--a\0b", "--ab", /Take it out/),
];

function row(no: string, yes: string, hint: RegExp, dialect: Dialect = "3.x"): (typeof ROWS)[number] {
  return [
    `${JSON.stringify(no)} of ${dialect}`,
    dialect,
    { dmArgs: ["--ok", no] },
    { dmArgs: ["--ok", yes] },
    "dmArgs[1]",
    hint,
  ];
}

describe("rules: arguments of acrn-dm", () => {
  for (const [what, dialect, no, yes, property, hint] of ROWS)
    it(what, () => {
      const [found, ...more] = refused(dialect, no);
      assert.deepEqual([found?.code, found?.property, more.length], ["rtvm.arguments", property, 0]);
      assert.match(found?.hint ?? "", hint);
      assert.match(found?.message ?? "", /^RT: /);
      assert.deepEqual(refused(dialect, yes), []);
    });

  it("all at once", () => {
    const wish = { ...kernel("x".repeat(2000), LONG, LONG), dmArgs: ["-m", "-U"] };
    assert.deepEqual(
      refused("3.x", wish).map(({ property }) => property),
      ["dmArgs[0]", "dmArgs[1]", "loader.args", "loader", "loader"],
    );
  });
});
