import assert from "node:assert/strict";
import { scenarioSurface } from "../../../../provider/core/acrn/scenario-surface";
import type { FieldValue } from "../../../../provider/core/claims/types";
import { FILE, raw } from "./field-rows";

const { read, write, restore } = scenarioSurface;
const VM = { "3.x": "<load_order>SERVICE_VM</load_order>", "2.x": "<vm_type>SOS_VM</vm_type><clos/>" };

const scenario = (dialect: "2.x" | "3.x", ...hv: string[]) =>
  ["<acrn-config>", ...hv.map((line) => `  ${line}`), `  <vm id="0">${VM[dialect]}</vm>`, "</acrn-config>", ""].join(
    "\n",
  );

interface Row {
  name: string;
  field: string;
  dialect?: "2.x" | "3.x";
  hv: string[];
  value: FieldValue;
  after: string[];
  was?: FieldValue;
  /** Given back, only white space and the way an empty element is written may differ: the document's original heals it. */
  loosely?: true;
}

const rows: Row[] = [
  {
    name: "text that is there",
    field: "SCHEDULER",
    hv: ["<hv>", "  <FEATURES>", "    <SCHEDULER> SCHED_BVT </SCHEDULER> <!-- why -->", "  </FEATURES>", "</hv>"],
    was: "SCHED_BVT",
    value: "SCHED_NOOP",
    after: ["<hv>", "  <FEATURES>", "    <SCHEDULER> SCHED_NOOP </SCHEDULER> <!-- why -->", "  </FEATURES>", "</hv>"],
  },
  {
    name: "an empty boolean has the schema's default",
    field: "HYPERV_ENABLED",
    hv: ["<hv>", "  <FEATURES>", "    <HYPERV_ENABLED/>", "  </FEATURES>", "</hv>"],
    was: true,
    value: false,
    after: ["<hv>", "  <FEATURES>", "    <HYPERV_ENABLED>n</HYPERV_ENABLED>", "  </FEATURES>", "</hv>"],
  },
  {
    name: "somebody's odd text",
    field: "HYPERV_ENABLED",
    hv: ["<hv>", "  <FEATURES>", "    <HYPERV_ENABLED>yes</HYPERV_ENABLED>", "  </FEATURES>", "</hv>"],
    was: "yes",
    value: true,
    after: ["<hv>", "  <FEATURES>", "    <HYPERV_ENABLED>y</HYPERV_ENABLED>", "  </FEATURES>", "</hv>"],
  },
  {
    name: "behind what stands before it in ACRN's own files, and its remark",
    field: "SPLIT_LOCK_DETECTION_ENABLED",
    hv: [
      ...["<hv>", "  <FEATURES>", "    <SCHEDULER>SCHED_BVT</SCHEDULER> <!-- a -->", "    <!-- b -->", "    <RDT/>"],
      ...["  </FEATURES>", "</hv>"],
    ],
    value: true,
    after: [
      ...["<hv>", "  <FEATURES>", "    <SCHEDULER>SCHED_BVT</SCHEDULER> <!-- a -->"],
      ...["    <SPLIT_LOCK_DETECTION_ENABLED>y</SPLIT_LOCK_DETECTION_ENABLED>", "    <!-- b -->", "    <RDT/>"],
      ...["  </FEATURES>", "</hv>"],
    ],
  },
  {
    name: "before the first where nothing stands before it",
    field: "RDT/RDT_ENABLED",
    hv: [
      "<hv>",
      "  <FEATURES>",
      "    <RDT>",
      "      <CDP_ENABLED>n</CDP_ENABLED>",
      "    </RDT>",
      "  </FEATURES>",
      "</hv>",
    ],
    value: true,
    after: [
      ...["<hv>", "  <FEATURES>", "    <RDT>", "      <RDT_ENABLED>y</RDT_ENABLED>"],
      ...["      <CDP_ENABLED>n</CDP_ENABLED>", "    </RDT>", "  </FEATURES>", "</hv>"],
    ],
  },
  {
    name: "with the parents that are missing",
    field: "RDT/RDT_ENABLED",
    hv: ["<hv>", "  <BUILD_TYPE>debug</BUILD_TYPE>", "", "  <MEMORY/>", "</hv>"],
    value: true,
    after: [
      ...["<hv>", "  <BUILD_TYPE>debug</BUILD_TYPE>", "  <FEATURES>", "    <RDT>"],
      ...["      <RDT_ENABLED>y</RDT_ENABLED>", "    </RDT>", "  </FEATURES>", "", "  <MEMORY/>", "</hv>"],
    ],
  },
  {
    name: "with the parents that are missing, in a file without lines",
    field: "RDT/RDT_ENABLED",
    hv: ["<hv><MEMORY/></hv>"],
    value: true,
    after: ["<hv><FEATURES> <RDT> <RDT_ENABLED>y</RDT_ENABLED> </RDT> </FEATURES><MEMORY/></hv>"],
  },
  {
    name: "an empty parent that was there stays",
    field: "RDT/RDT_ENABLED",
    hv: ["<hv>", "  <FEATURES>", "    <RDT></RDT>", "  </FEATURES>", "</hv>"],
    value: true,
    after: ["<hv>", "  <FEATURES>", "    <RDT><RDT_ENABLED>y</RDT_ENABLED></RDT>", "  </FEATURES>", "</hv>"],
  },
  {
    name: "an empty parent over two lines stays, too",
    field: "RDT/RDT_ENABLED",
    hv: ["<hv>", "  <FEATURES>", "    <RDT>", "    </RDT>", "  </FEATURES>", "</hv>"],
    value: true,
    after: ["<hv>", "  <FEATURES>", "    <RDT><RDT_ENABLED>y</RDT_ENABLED>", "    </RDT>", "  </FEATURES>", "</hv>"],
  },
  {
    name: "a parent that closes itself is opened, and stays",
    field: "RDT/RDT_ENABLED",
    hv: ["<hv>", "  <FEATURES>", "    <RDT/>", "  </FEATURES>", "</hv>"],
    value: true,
    after: ["<hv>", "  <FEATURES>", "    <RDT><RDT_ENABLED>y</RDT_ENABLED></RDT>", "  </FEATURES>", "</hv>"],
    loosely: true,
  },
  {
    name: "a list where there was none",
    field: "RDT/CLOS_MASK",
    dialect: "2.x",
    hv: [
      ...["<hv>", "  <FEATURES>", "    <RDT>", "      <CDP_ENABLED>n</CDP_ENABLED>", "      <MBA_DELAY>0</MBA_DELAY>"],
      ...["    </RDT>", "  </FEATURES>", "</hv>"],
    ],
    value: ["0xff0", "0xf"],
    after: [
      ...["<hv>", "  <FEATURES>", "    <RDT>", "      <CDP_ENABLED>n</CDP_ENABLED>"],
      ...["      <CLOS_MASK>0xff0</CLOS_MASK>", "      <CLOS_MASK>0xf</CLOS_MASK>", "      <MBA_DELAY>0</MBA_DELAY>"],
      ...["    </RDT>", "  </FEATURES>", "</hv>"],
    ],
  },
  {
    name: "a list that grows",
    field: "RDT/CLOS_MASK",
    dialect: "2.x",
    hv: [
      ...["<hv>", "  <FEATURES>", "    <RDT>", "      <CLOS_MASK>0xff</CLOS_MASK> <!-- all -->"],
      ...["    </RDT>", "  </FEATURES>", "</hv>"],
    ],
    was: ["0xff"],
    value: ["0xf0", "0xf"],
    after: [
      ...["<hv>", "  <FEATURES>", "    <RDT>", "      <CLOS_MASK>0xf0</CLOS_MASK>"],
      ...["      <CLOS_MASK>0xf</CLOS_MASK> <!-- all -->", "    </RDT>", "  </FEATURES>", "</hv>"],
    ],
  },
  {
    name: "a list that shrinks",
    field: "RDT/CLOS_MASK",
    dialect: "2.x",
    hv: [
      ...["<hv>", "  <FEATURES>", "    <RDT>", "      <CLOS_MASK>0xff</CLOS_MASK> <!-- all -->"],
      ...["      <CLOS_MASK>0xf</CLOS_MASK> <!-- few -->", "    </RDT>", "  </FEATURES>", "</hv>"],
    ],
    was: ["0xff", "0xf"],
    value: ["0xff"],
    after: [
      ...["<hv>", "  <FEATURES>", "    <RDT>", "      <CLOS_MASK>0xff</CLOS_MASK> <!-- few -->"],
      ...["    </RDT>", "  </FEATURES>", "</hv>"],
    ],
  },
];

describe("fields below hv", () => {
  for (const eol of ["\n", "\r\n"])
    for (const { name, field, dialect = "3.x", hv, value, after, was, loosely } of rows)
      it(`${field}: ${name}${eol === "\n" ? "" : " (CRLF)"}`, () => {
        const [from, to] = [hv, after].map((each) => scenario(dialect, ...each).replaceAll("\n", eol)) as [
          string,
          string,
        ];
        const key = `hv/FEATURES/${field}`;
        const reading = read(from, FILE, key);
        assert.deepEqual(reading.kind === "value" ? reading.value : reading.kind, was ?? "absent");
        const written = write(from, FILE, key, value);
        assert.equal(written, to);
        assert.equal(write(written, FILE, key, value), to);
        const back = restore(written, FILE, key, raw(from, key));
        if (!loosely) assert.equal(back, from);
        assert.ok(scenarioSurface.sameFields(back, from, FILE), back);
      });

  it("what is taken out comes back", () => {
    const from = scenario(
      "2.x",
      "<hv>",
      "  <FEATURES>",
      "    <RDT>",
      "      <CLOS_MASK>0xff</CLOS_MASK>",
      "    </RDT>",
    ).replace("  <vm", "    </FEATURES>\n  </hv>\n  <vm");
    const key = "hv/FEATURES/RDT/CLOS_MASK";
    const without = write(from, FILE, key, null);
    assert.equal(read(without, FILE, key).kind, "absent");
    assert.equal(write(from, FILE, key, []), without);
    assert.equal(write(without, FILE, key, null), without);
    assert.ok(without.includes("<RDT>"));
    assert.equal(restore(without, FILE, key, raw(from, key)), from);
  });

  it("a parent that we made stays for what others put into it", () => {
    const from = scenario("3.x", "<hv>", "  <MEMORY/>", "</hv>");
    const key = "hv/FEATURES/RDT/RDT_ENABLED";
    const both = write(write(from, FILE, key, true), FILE, "hv/FEATURES/RDT/CDP_ENABLED", true);
    for (const [first, second] of [
      [key, "hv/FEATURES/RDT/CDP_ENABLED"],
      ["hv/FEATURES/RDT/CDP_ENABLED", key],
    ] as const) {
      const one = restore(both, FILE, first, undefined);
      assert.deepEqual(read(one, FILE, second), read(both, FILE, second));
      assert.equal(restore(one, FILE, second, undefined), from);
    }
    const remark = write(from, FILE, key, true).replace("</RDT>", "<!-- mine --></RDT>");
    assert.match(restore(remark, FILE, key, undefined), /<RDT>\s*<!-- mine --><\/RDT>/);
  });

  const noPlace: [string, "2.x" | "3.x", RegExp][] = [
    ["hv/FEATURES/RDT/CLOS_MASK", "3.x", /CACHE_REGION/],
    ["hv/FEATURES/RDT/MBA_DELAY", "3.x", /bandwidth/],
    ["hv/BUILD_TYPE", "2.x", /RELEASE/],
    ["hv/DEBUG_OPTIONS/RELEASE", "3.x", /BUILD_TYPE/],
    ["hv/FEATURES/CPU_PERFORMANCE_POLICY", "2.x", /no such option/],
  ];
  for (const [key, dialect, why] of noPlace)
    it(`${key} has no place in ${dialect}`, () => {
      const from = scenario(dialect, "<hv>", "  <FEATURES/>", "</hv>");
      const reading = read(from, FILE, key);
      assert.match(reading.kind === "no-place" ? reading.why : "", why);
      assert.throws(() => write(from, FILE, key, "x"), { code: "scenario.no-place" });
      assert.equal(restore(from, FILE, key, undefined), from);
    });

  it("a list with strangers in it is left alone", () => {
    const mixed = "<RDT><CLOS_MASK>1</CLOS_MASK><MBA_DELAY>0</MBA_DELAY><CLOS_MASK>2</CLOS_MASK></RDT>";
    const from = scenario("2.x", "<hv>", `  <FEATURES>${mixed}</FEATURES>`, "</hv>");
    assert.equal(read(from, FILE, "hv/FEATURES/RDT/CLOS_MASK").kind, "no-place");
    assert.deepEqual(raw(from, "hv/FEATURES/RDT/MBA_DELAY"), "<MBA_DELAY>0</MBA_DELAY>");
  });
});
