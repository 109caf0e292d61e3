import assert from "node:assert/strict";
import fc from "fast-check";
import { buildScenario } from "../../../../examples/lab/builder";
import { affinityField, type FieldReading, readScenario } from "../../../../provider/core/acrn/scenario";
import { host } from "../../../support/arbitraries";
import { REAL, readReal } from "./support";

const FILE = "s.xml";
const around = (vm: string, load = "<load_order>POST_LAUNCHED_VM</load_order>") =>
  `<acrn-config>\n  <hv/>\n  <vm id="1">\n    ${load}\n    <name>A</name>${vm}\n    <memory/>\n  </vm>\n</acrn-config>\n`;
const old = (vm: string) => around(vm, "<vm_type>POST_STD_VM</vm_type>\n    <guest_flags/>");
const rt = (vm: string) => around(vm, "<load_order>POST_LAUNCHED_VM</load_order>\n    <vm_type>RTVM</vm_type>");

/** Lines of an affinity in a VM that is indented by four. */
const block = (...lines: string[]) => ["", ...lines].join("\n    ");

interface Row {
  name: string;
  before: string;
  value: number[];
  after: string;
}

const rows: Row[] = [
  {
    name: "2.x: added, ascending",
    before: old(block("<cpu_affinity>", "    <pcpu_id>2</pcpu_id>", "</cpu_affinity>")),
    value: [3, 1, 2],
    after: old(
      block(
        "<cpu_affinity>",
        "    <pcpu_id>1</pcpu_id>",
        "    <pcpu_id>2</pcpu_id>",
        "    <pcpu_id>3</pcpu_id>",
        "</cpu_affinity>",
      ),
    ),
  },
  {
    name: "2.x: clos stays as it is",
    before: old(
      block(
        "<cpu_affinity>",
        "  <pcpu_id>2</pcpu_id>",
        "</cpu_affinity>",
        "<clos>",
        "  <vcpu_clos>1</vcpu_clos>",
        "</clos>",
      ),
    ),
    value: [3],
    after: old(
      block(
        "<cpu_affinity>",
        "  <pcpu_id>3</pcpu_id>",
        "</cpu_affinity>",
        "<clos>",
        "  <vcpu_clos>1</vcpu_clos>",
        "</clos>",
      ),
    ),
  },
  {
    name: "a set in another order is no reason to edit",
    before: old(block("<cpu_affinity>", "  <pcpu_id>3</pcpu_id>", "  <pcpu_id>1</pcpu_id>", "</cpu_affinity>")),
    value: [1, 3],
    after: old(block("<cpu_affinity>", "  <pcpu_id>3</pcpu_id>", "  <pcpu_id>1</pcpu_id>", "</cpu_affinity>")),
  },
  {
    name: "an id that is there twice goes",
    before: old(block("<cpu_affinity>", "  <pcpu_id>3</pcpu_id>", "  <pcpu_id>3</pcpu_id>", "</cpu_affinity>")),
    value: [3],
    after: old(block("<cpu_affinity>", "  <pcpu_id>3</pcpu_id>", "</cpu_affinity>")),
  },
  {
    name: "comments: with the entry on its line, own lines stay",
    before: old(
      block(
        "<cpu_affinity> <!-- agreed with cell 7 -->",
        "  <!-- vision -->",
        "  <pcpu_id>1</pcpu_id> <!-- old -->",
        "  <pcpu_id>2</pcpu_id>",
        "  <!-- end -->",
        "</cpu_affinity>",
      ),
    ),
    value: [2, 3],
    after: old(
      block(
        "<cpu_affinity> <!-- agreed with cell 7 -->",
        "  <!-- vision -->",
        "  <pcpu_id>2</pcpu_id>",
        "  <pcpu_id>3</pcpu_id>",
        "  <!-- end -->",
        "</cpu_affinity>",
      ),
    ),
  },
  {
    name: "a comment of two lines is one comment",
    before: old(
      block(
        "<cpu_affinity>",
        "  <pcpu_id>1</pcpu_id> <!-- one",
        "  two --> <!-- three -->",
        "  <pcpu_id>2</pcpu_id>",
        "</cpu_affinity>",
      ),
    ),
    value: [2],
    after: old(block("<cpu_affinity>", "  <pcpu_id>2</pcpu_id>", "</cpu_affinity>")),
  },
  {
    name: "one line stays one line",
    before: old("<cpu_affinity><pcpu_id>1</pcpu_id></cpu_affinity>"),
    value: [1, 2],
    after: old("<cpu_affinity><pcpu_id>1</pcpu_id><pcpu_id>2</pcpu_id></cpu_affinity>"),
  },
  {
    name: "3.x: entries that stay keep their bytes, new ones their layout",
    before: around(
      block("<cpu_affinity>", "  <pcpu>", "    <pcpu_id> 2 </pcpu_id><!-- x -->", "  </pcpu>", "</cpu_affinity>"),
    ),
    value: [1, 2],
    after: around(
      block(
        "<cpu_affinity>",
        "  <pcpu>",
        "    <pcpu_id>1</pcpu_id>",
        "  </pcpu>",
        "  <pcpu>",
        "    <pcpu_id> 2 </pcpu_id><!-- x -->",
        "  </pcpu>",
        "</cpu_affinity>",
      ),
    ),
  },
  {
    name: "3.x RTVM: new entries are marked as the others are",
    before: rt("<cpu_affinity><pcpu><pcpu_id>2</pcpu_id><real_time_vcpu>y</real_time_vcpu></pcpu></cpu_affinity>"),
    value: [3],
    after: rt("<cpu_affinity><pcpu><pcpu_id>3</pcpu_id><real_time_vcpu>y</real_time_vcpu></pcpu></cpu_affinity>"),
  },
  {
    name: "3.x RTVM: no marks where there are none",
    before: rt("<cpu_affinity><pcpu><pcpu_id>2</pcpu_id></pcpu></cpu_affinity>"),
    value: [3],
    after: rt("<cpu_affinity><pcpu><pcpu_id>3</pcpu_id></pcpu></cpu_affinity>"),
  },
  {
    name: "3.x standard VM: no marks",
    before: around("<cpu_affinity><pcpu><pcpu_id>2</pcpu_id><real_time_vcpu>n</real_time_vcpu></pcpu></cpu_affinity>"),
    value: [2, 3],
    after: around(
      "<cpu_affinity><pcpu><pcpu_id>2</pcpu_id><real_time_vcpu>n</real_time_vcpu></pcpu><pcpu><pcpu_id>3</pcpu_id></pcpu></cpu_affinity>",
    ),
  },
  {
    name: "3.x: empty element",
    before: around(block("<cpu_affinity/>")),
    value: [2],
    after: around(block("<cpu_affinity>", "  <pcpu>", "    <pcpu_id>2</pcpu_id>", "  </pcpu>", "</cpu_affinity>")),
  },
  {
    name: "3.x: absent, behind the remark on the name",
    before: around(" <!-- press -->"),
    value: [2],
    after: around(
      ` <!-- press -->${block("<cpu_affinity>", "  <pcpu>", "    <pcpu_id>2</pcpu_id>", "  </pcpu>", "</cpu_affinity>")}`,
    ),
  },
  {
    name: "2.x: absent",
    before: old(""),
    value: [2, 3],
    after: old(block("<cpu_affinity>", "  <pcpu_id>2</pcpu_id>", "  <pcpu_id>3</pcpu_id>", "</cpu_affinity>")),
  },
];

describe("affinity field: write", () => {
  for (const eol of ["\n", "\r\n"])
    for (const { name, before, value, after } of rows)
      it(`${name}${eol === "\n" ? "" : " (CRLF)"}`, () => {
        const [from, to] = [before, after].map((text) => text.replaceAll("\n", eol)) as [string, string];
        const reading = affinityField.read(from, FILE, "A");
        const written = affinityField.write(from, FILE, "A", value);
        assert.equal(written, to);
        assert.equal(affinityField.write(written, FILE, "A", value), written);
        const raw = reading.kind === "value" ? reading.raw : undefined;
        assert.equal(affinityField.restore(written, FILE, "A", raw), from);
      });

  it("steps are as wide as below the VM's other children: ACRN's files of 2.x have two blanks, then four", () => {
    const text = `<acrn-config>\n  <hv/>\n  <vm id="1">\n    <vm_type>POST_RT_VM</vm_type>\n    <clos>\n        <vcpu_clos>0</vcpu_clos>\n    </clos>\n  </vm>\n</acrn-config>`;
    const written = affinityField.write(text, FILE, "#1", [4]);
    assert.ok(written.includes("\n    <cpu_affinity>\n        <pcpu_id>4</pcpu_id>\n    </cpu_affinity>\n"), written);
  });

  it("a tab-indented file of v2.x keeps its tabs", () => {
    const text = `<acrn-config>\n\t<hv/>\n\t<vm id="1">\n\t\t<vm_type>POST_RT_VM</vm_type>\n\t\t<clos/>\n\t</vm>\n</acrn-config>`;
    const written = affinityField.write(text, FILE, "#1", [4]);
    assert.ok(
      written.includes("\n\t\t<cpu_affinity>\n\t\t\t<pcpu_id>4</pcpu_id>\n\t\t</cpu_affinity>\n\t\t<clos/>"),
      written,
    );
  });
});

describe("affinity field: read", () => {
  it("ascending, with repetitions, and the exact source", () => {
    const raw = "<cpu_affinity>\n<pcpu_id>3</pcpu_id><pcpu_id> 1</pcpu_id><pcpu_id>3</pcpu_id></cpu_affinity>";
    const text = old(raw);
    assert.deepEqual(affinityField.read(text, FILE, "A"), { kind: "value", value: [1, 3, 3], raw });
    assert.equal(affinityField.write(text, FILE, "A", [1, 3, 3]), text);
  });

  it("absent and no place are told apart", () => {
    const service = around("", "<load_order>SERVICE_VM</load_order>");
    assert.deepEqual(affinityField.read(around(""), FILE, "A"), { kind: "absent" });
    for (const [text, key, why] of [
      [service, "A", /Service VM.*3\.x/],
      [around(""), "B", /no VM B/],
    ] as const) {
      const reading = affinityField.read(text, FILE, key);
      assert.ok(reading.kind === "no-place");
      assert.match(reading.why, why);
      assert.throws(() => affinityField.write(text, FILE, key, [1]), { code: "scenario.no-place" });
      assert.equal(affinityField.restore(text, FILE, key, undefined), text);
    }
  });

  it("a 2.x Service VM has a place", () => {
    const text = around("", "<vm_type>SOS_VM</vm_type>\n    <guest_flags/>");
    const written = affinityField.write(text, FILE, "A", [0, 1]);
    assert.deepEqual(readScenario(written, FILE).vms[0]?.affinity, [0, 1]);
  });

  it("nothing is no affinity", () => {
    assert.throws(() => affinityField.write(around(""), FILE, "A", []), { code: "scenario.affinity" });
  });

  it("an affinity that somebody took out is given back in its place", () => {
    const raw = "<cpu_affinity><pcpu><pcpu_id>2</pcpu_id></pcpu></cpu_affinity>";
    assert.equal(affinityField.restore(around(""), FILE, "A", raw), around(block(raw)));
  });
});

/** Every write is undone byte for byte, and says what was asked. */
function laws(text: string): void {
  together(text);
  const scenario = readScenario(text, FILE);
  for (const vm of scenario.vms) {
    const reading: FieldReading = affinityField.read(text, FILE, vm.key);
    if (reading.kind === "no-place") continue;
    if (reading.kind === "value" && reading.value.length > 0)
      assert.equal(affinityField.write(text, FILE, vm.key, reading.value), text);
    for (const value of [[1], [0, 3], [1, 2, 3], [7, 2, 30]]) {
      const written = affinityField.write(text, FILE, vm.key, value);
      const others = (each: string) =>
        readScenario(each, FILE)
          .vms.filter(({ key }) => key !== vm.key)
          .map(({ line: _, ...view }) => view);
      const after = readScenario(written, FILE).vms.find(({ key }) => key === vm.key)?.affinity;
      const wanted = value.sort((a, b) => a - b);
      const unordered: boolean = reading.kind === "value" && reading.value.join() === wanted.join();
      assert.deepEqual(unordered ? after?.toSorted((a, b) => a - b) : after, wanted);
      assert.deepEqual(others(written), others(text));
      const raw: string | undefined = reading.kind === "value" ? reading.raw : undefined;
      assert.equal(affinityField.restore(written, FILE, vm.key, raw), text);
    }
  }
}

/** All VMs at once are as one after the other, in any order. */
function together(text: string): void {
  const vms = readScenario(text, FILE).vms.filter(({ key }) => affinityField.read(text, FILE, key).kind !== "no-place");
  for (const shift of [0, 1, 5]) {
    const values = vms.map(
      ({ key, affinity }, at) => [key, at === shift ? (affinity ?? [3]) : [at + shift, 9]] as const,
    );
    const written = affinityField.writeAll(text, FILE, values);
    for (const order of [values, values.toReversed()])
      assert.equal(
        order.reduce((sofar, [key, value]) => affinityField.write(sofar, FILE, key, value), text),
        written,
      );
  }
}

describe("affinity field: write, then restore, gives the same bytes", () => {
  for (const name of Object.keys(REAL))
    it(`in ${name}`, function () {
      laws(readReal(this, name));
    });

  it("in any built scenario", () => {
    fc.assert(
      fc.property(host({ textOnly: false }), ({ scenario }) => laws(buildScenario(scenario))),
      { numRuns: 25 },
    );
  });

  it("in any built scenario with remarks between the entries", () => {
    const remark = fc.constantFrom(
      " <!-- a\n b -->",
      "\n<!-- c -->",
      "<?pi x?>",
      " <!-- d --> ",
      "\r\n\r\n",
      "<!-- </pcpu> -->",
    );
    fc.assert(
      fc.property(
        host({ textOnly: false }),
        fc.array(remark, { minLength: 9, maxLength: 9 }),
        ({ scenario }, remarks) => {
          let at = 0;
          const end = scenario.dialect === "2.x" ? /<cpu_affinity>|<\/pcpu_id>/g : /<cpu_affinity>|<\/pcpu>/g;
          laws(buildScenario(scenario).replace(end, (tag) => tag + remarks[at++ % remarks.length]));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("in any built scenario without affinities", () => {
    fc.assert(
      fc.property(host({ textOnly: false }), ({ scenario }) =>
        laws(buildScenario(scenario).replace(/<cpu_affinity>[\s\S]*?<\/cpu_affinity>/g, "<!-- gone -->")),
      ),
      { numRuns: 25 },
    );
  });
});
