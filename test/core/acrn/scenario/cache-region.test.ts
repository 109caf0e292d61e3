import assert from "node:assert/strict";
import fc from "fast-check";
import { scenarioSurface } from "../../../../provider/core/acrn/scenario-surface";
import type { FieldValue } from "../../../../provider/core/claims/types";

const KEY = "hv/CACHE_REGION";
const FILE = "scenario.xml";

const policy = (vm: string, vcpu: number | string, mask: string, type = "Unified") => ({
  vm,
  vcpu: String(vcpu),
  type,
  mask,
});
type Policy = ReturnType<typeof policy>;
interface Allocation {
  level: number;
  id: string;
  policies: Policy[];
}
const value = (allocations: Allocation[]) => allocations as unknown as FieldValue;

const REGION = `<CACHE_REGION>
      <!-- the L2 of the first cluster -->
      <CACHE_ALLOCATION>
        <CACHE_ID>0x0</CACHE_ID>
        <CACHE_LEVEL>2</CACHE_LEVEL>
        <POLICY>
          <VM>SVM</VM><VCPU>0</VCPU><TYPE>Unified</TYPE><CLOS_MASK>0xf</CLOS_MASK> <!-- not too much -->
        </POLICY>
        <!-- real time -->
        <POLICY>
          <VM>RT</VM>
          <VCPU>0</VCPU>
          <TYPE>Unified</TYPE>
          <CLOS_MASK> 0xF0 </CLOS_MASK>
        </POLICY>
      </CACHE_ALLOCATION>
    </CACHE_REGION>`;

const file = (region: string, eol = "\n") =>
  `<?xml version="1.0"?>
<acrn-config>
  <hv>
    <FEATURES><RDT><RDT_ENABLED>y</RDT_ENABLED></RDT></FEATURES>
    <MISC_CFG/>${region && `\n    ${region}`}
  </hv>
  <vm id="0"><load_order>SERVICE_VM</load_order><name>SVM</name></vm>
  <vm id="1"><load_order>POST_LAUNCHED_VM</load_order><name>RT</name></vm>
</acrn-config>
`.replaceAll("\n", eol);

const read = (text: string) => scenarioSurface.read(text, FILE, KEY);
const write = (text: string, to: FieldValue) => scenarioSurface.write(text, FILE, KEY, to);
const restore = (text: string, raw?: string) => scenarioSurface.restore(text, FILE, KEY, raw);

const THERE: Allocation[] = [{ level: 2, id: "0x0", policies: [policy("SVM", 0, "0xf"), policy("RT", 0, " 0xF0 ")] }];

/** Lines that differ, `-` and `+`. */
function changed(before: string, after: string): string[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const gone = a.filter((line) => !b.includes(line)).map((line) => `-${line.trim()}`);
  return [...gone, ...b.filter((line) => !a.includes(line)).map((line) => `+${line.trim()}`)];
}

describe("scenario hv/CACHE_REGION", () => {
  it("reads the list, with texts as they stand", () => {
    const found = read(file(REGION));
    assert.deepEqual(found, { kind: "value", value: THERE, raw: REGION });
    assert.deepEqual(read(file("")), { kind: "absent" });
  });

  const [first] = THERE as [Allocation];
  const [svm, rt] = first.policies as [Policy, Policy];
  const edits: [what: string, to: Allocation[], lines: string[]][] = [
    ["the same", THERE, []],
    [
      "one mask: the rest of its line stays",
      [{ ...first, policies: [policy("SVM", 0, "0x3"), rt] }],
      [
        "-<VM>SVM</VM><VCPU>0</VCPU><TYPE>Unified</TYPE><CLOS_MASK>0xf</CLOS_MASK> <!-- not too much -->",
        "+<VM>SVM</VM><VCPU>0</VCPU><TYPE>Unified</TYPE><CLOS_MASK>0x3</CLOS_MASK> <!-- not too much -->",
      ],
    ],
    [
      "a policy less: its comment stays",
      [{ ...first, policies: [svm] }],
      ["-<VM>RT</VM>", "-<VCPU>0</VCPU>", "-<TYPE>Unified</TYPE>", "-<CLOS_MASK> 0xF0 </CLOS_MASK>"],
    ],
    [
      "a policy more",
      [{ ...first, policies: [svm, rt, policy("RT", 1, "0xf0")] }],
      ["+<VCPU>1</VCPU>", "+<CLOS_MASK>0xf0</CLOS_MASK>"],
    ],
    ["another order", [{ ...first, policies: [rt, svm] }], []],
    [
      "an allocation before it",
      [{ level: 3, id: "0x0", policies: [policy("SVM", 0, "0xff")] }, first],
      ["+<CACHE_LEVEL>3</CACHE_LEVEL>", "+<VM>SVM</VM>", "+<CLOS_MASK>0xff</CLOS_MASK>"],
    ],
  ];
  for (const [what, to, lines] of edits)
    it(`writes ${what}`, () => {
      const before = file(REGION);
      const after = write(before, value(to));
      const found = read(after);
      assert.deepEqual(found.kind === "value" && found.value, to);
      assert.deepEqual(changed(before, after), lines);
      assert.equal(restore(after, REGION), before);
    });

  for (const eol of ["\n", "\r\n"])
    it(`inserts in the file's style (${JSON.stringify(eol)}), and comes out again byte for byte`, () => {
      const before = file("", eol);
      const after = write(before, value(THERE));
      const lines = changed(before.replaceAll("\r", "$"), after.replaceAll("\r", "$"));
      assert.ok(
        lines.every((line) => line.endsWith(eol === "\n" ? ">" : "$")),
        lines.join("\n"),
      );
      assert.match(after, /\n {4}<CACHE_REGION>\r?\n {6}<CACHE_ALLOCATION>\r?\n {8}<CACHE_ID>0x0/);
      assert.equal(restore(after), before);
      assert.equal(write(after, null), before);
    });

  it("2.x has no such element", () => {
    const old = file("")
      .replaceAll("load_order>SERVICE_VM</load_order", "vm_type>SOS_VM</vm_type")
      .replaceAll("load_order>POST_LAUNCHED_VM</load_order>", "vm_type>POST_RT_VM</vm_type><guest_flags/>");
    assert.equal(read(old).kind, "no-place");
    assert.throws(() => write(old, value(THERE)), { code: "scenario.no-place" });
    assert.equal(restore(old, REGION), old);
  });

  const taken: [FieldValue, string | undefined, boolean][] = [
    [value(THERE), REGION, true],
    [value(THERE), "<CACHE/>", false],
    [value([]), undefined, true],
    [[{ level: 2, id: "0x0" }], undefined, false],
    [[{ level: "2", id: "0x0", policies: [] }], undefined, false],
    [[{ level: 2, id: "0x0", policies: [{ vm: "a" }] }], undefined, false],
    [true, undefined, false],
  ];
  for (const [each, raw, ok] of taken)
    it(`${ok ? "takes" : "takes no"} ${JSON.stringify(each).slice(0, 40)} from a ledger`, () =>
      assert.equal(scenarioSurface.takes(KEY, each, raw), ok));

  it("shows one line: vCPUs of a VM with one mask together", () => {
    const policies = [0, 1, 3].map((vcpu) => policy("SVM", vcpu, "0xf"));
    const all: Allocation[] = [
      { level: 3, id: "0x0", policies: [...policies, policy("SVM", 2, "0xff"), policy("RT", 0, "0xf0", "Data")] },
      { level: 2, id: "0x1", policies: [policy("RT", "x", "0x3")] },
    ];
    assert.equal(
      scenarioSurface.show(value(all)),
      "L3 0x0: SVM 0-1,3 0xf, SVM 2 0xff, RT 0 0xf0 Data; L2 0x1: RT x 0x3",
    );
  });
});

const PLAIN = { noNullPrototype: true } as const;

const arbitrary: fc.Arbitrary<Allocation[]> = fc.array(
  fc.record(
    {
      level: fc.constantFrom(2, 3),
      id: fc.constantFrom("0x0", "0x1", " 0x2"),
      policies: fc.array(
        fc.record(
          {
            vm: fc.constantFrom("SVM", "RT", "a & b", "<x>"),
            vcpu: fc.constantFrom("0", "1", "01", "10"),
            type: fc.constantFrom("Unified", "Code", "Data"),
            mask: fc.constantFrom("0xf", "0xF0", "0x0f", "0"),
          },
          PLAIN,
        ),
        { minLength: 1, maxLength: 4 },
      ),
    },
    PLAIN,
  ),
  { minLength: 1, maxLength: 4 },
);

describe("laws of scenario hv/CACHE_REGION", () => {
  it("read(write(x)) = x, whatever was there; what was there comes back", () =>
    fc.assert(
      fc.property(arbitrary, arbitrary, fc.constantFrom("\n", "\r\n"), (a, b, eol) => {
        const empty = file("", eol);
        const one = write(empty, value(a));
        const was = read(one);
        assert.deepEqual(was.kind === "value" && was.value, a);
        const two = write(one, value(b));
        const now = read(two);
        assert.deepEqual(now.kind === "value" && now.value, b);
        assert.equal(write(two, value(b)), two);
        assert.equal(restore(two, was.kind === "value" ? was.raw : undefined), one);
        assert.equal(restore(two), empty);
        assert.ok(scenarioSurface.takes(KEY, value(a)));
      }),
    ));
});
