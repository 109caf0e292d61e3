import assert from "node:assert/strict";
import fc from "fast-check";
import { buildScenario } from "../../../../examples/lab/builder";
import { freeVmId, insertedVmDefaults, readScenario } from "../../../../provider/core/acrn/scenario";
import { scenarioSurface } from "../../../../provider/core/acrn/scenario-surface";
import { AcrnError } from "../../../../provider/core/errors";
import { host } from "../../../support/arbitraries";
import { assertLegal } from "./legal";
import { REAL, readReal } from "./support";

const FILE = "s.xml";
const { read, write, restore } = scenarioSurface;
const value = (id: number, realtime = true) => ({ id, load: "post-launched", realtime });

const HV = "<hv><FEATURES><MCE_ON_PSC_ENABLED>y</MCE_ON_PSC_ENABLED></FEATURES></hv>";
const scenario = (...vms: string[]) => `<acrn-config>\n  ${HV}\n${vms.join("\n")}\n</acrn-config>\n`;
const lines = (...each: string[]) => each.join("\n");
const service = (id = 0) =>
  lines(
    `  <vm id="${id}">`,
    "    <load_order>SERVICE_VM</load_order>",
    "    <name>SVM</name>",
    "    <console_vuart>None</console_vuart>",
    "  </vm>",
  );
const post = (id: number, ...more: string[]) =>
  lines(
    `  <vm id="${id}">`,
    "    <load_order>POST_LAUNCHED_VM</load_order>",
    `    <name>P${id}</name>`,
    ...more.map((each) => `    ${each}`),
    "  </vm>",
  );
const fresh = (id: number, type = "RTVM", ...more: string[]) =>
  lines(
    `  <vm id="${id}">`,
    "    <load_order>POST_LAUNCHED_VM</load_order>",
    `    <vm_type>${type}</vm_type>`,
    "    <name>NEW</name>",
    "    <memory>",
    "      <size>1024</size>",
    "    </memory>",
    ...more.map((each) => `    ${each}`),
    "    <os_type>Non-Windows OS</os_type>",
    "    <vbootloader>y</vbootloader>",
    "    <vuart0>n</vuart0>",
    "  </vm>",
  );

const old = (id: number, type: string, ...more: string[]) =>
  lines(
    `  <vm id="${id}">`,
    `    <vm_type>${type}</vm_type>`,
    ...more.map((each) => `    ${each}`),
    "    <clos>",
    "        <vcpu_clos>0</vcpu_clos>",
    "    </clos>",
    '    <legacy_vuart id="0">',
    "        <base>COM1_BASE</base>",
    "    </legacy_vuart>",
    "  </vm>",
  );

describe("a new VM: where and how", () => {
  const rows: [name: string, before: string, after: string, id: number, realtime?: boolean][] = [
    ["behind the only VM", scenario(service()), scenario(service(), fresh(1)), 1],
    ["a standard VM", scenario(service()), scenario(service(), fresh(1, "STANDARD_VM")), 1, false],
    [
      "behind the remark on the last VM, before comments below it",
      scenario(`${service()} <!-- house -->`, "  <!-- end -->"),
      scenario(`${service()} <!-- house -->`, fresh(1), "  <!-- end -->"),
      1,
    ],
    [
      "what the others spell out, with ACRN's defaults, in their order",
      scenario(
        service(),
        post(1, "<priority>PRIO_HIGH</priority>", "<memory/>", "<vuart0>y</vuart0>", "<usb_xhci>x</usb_xhci>"),
      ),
      scenario(
        service(),
        post(1, "<priority>PRIO_HIGH</priority>", "<memory/>", "<vuart0>y</vuart0>", "<usb_xhci>x</usb_xhci>"),
        lines(
          '  <vm id="2">',
          "    <load_order>POST_LAUNCHED_VM</load_order>",
          "    <vm_type>RTVM</vm_type>",
          "    <name>NEW</name>",
          "    <priority>PRIO_LOW</priority>",
          "    <memory>",
          "      <size>1024</size>",
          "    </memory>",
          "    <os_type>Non-Windows OS</os_type>",
          "    <vbootloader>y</vbootloader>",
          "    <vuart0>n</vuart0>",
          "    <usb_xhci/>",
          "  </vm>",
        ),
      ),
      2,
    ],
    [
      "after the habit of a VM of its type",
      scenario(service(), post(1, "<vm_type>RTVM</vm_type>"), post(2, "<usb_xhci/>")),
      scenario(
        service(),
        post(1, "<vm_type>RTVM</vm_type>"),
        post(2, "<usb_xhci/>"),
        fresh(3).replace(/( *<vm_type>.*\n)( *<name>.*\n)/, "$2$1"),
      ),
      3,
    ],
    [
      "2.x: what its schema demands, steps of two and of four",
      scenario(old(0, "SERVICE_VM"), old(1, "POST_STD_VM", "<PTM>y</PTM>")),
      scenario(
        old(0, "SERVICE_VM"),
        old(1, "POST_STD_VM", "<PTM>y</PTM>"),
        lines(
          '  <vm id="2">',
          "    <vm_type>POST_RT_VM</vm_type>",
          "    <name>NEW</name>",
          "    <guest_flags>",
          "        <guest_flag>0</guest_flag>",
          "    </guest_flags>",
          "    <PTM>n</PTM>",
          "    <clos>",
          "        <vcpu_clos>0</vcpu_clos>",
          "    </clos>",
          '    <legacy_vuart id="0">',
          "        <type>VUART_LEGACY_PIO</type>",
          "        <base>COM1_BASE</base>",
          "        <irq>COM1_IRQ</irq>",
          "    </legacy_vuart>",
          '    <legacy_vuart id="1">',
          "        <type>VUART_LEGACY_PIO</type>",
          "        <base>INVALID_COM_BASE</base>",
          "        <irq>COM2_IRQ</irq>",
          "        <target_vm_id>0</target_vm_id>",
          "        <target_uart_id>1</target_uart_id>",
          "    </legacy_vuart>",
          "  </vm>",
        ),
      ),
      2,
    ],
    [
      "one line stays one line",
      `<acrn-config>${HV}<vm id="0"><load_order>SERVICE_VM</load_order></vm></acrn-config>`,
      `<acrn-config>${HV}<vm id="0"><load_order>SERVICE_VM</load_order></vm><vm id="1"><load_order>POST_LAUNCHED_VM</load_order><vm_type>RTVM</vm_type><name>NEW</name><memory><size>1024</size></memory><os_type>Non-Windows OS</os_type><vbootloader>y</vbootloader><vuart0>n</vuart0></vm></acrn-config>`,
      1,
    ],
  ];
  for (const eol of ["\n", "\r\n"])
    for (const [name, before, after, id, realtime = true] of rows)
      it(`${name}${eol === "\n" ? "" : " (CRLF)"}`, () => {
        const [from, to] = [before, after].map((text) => text.replaceAll("\n", eol)) as [string, string];
        assert.equal(freeVmId(from, FILE), id);
        const written = write(from, FILE, "vm[NEW]", value(id, realtime));
        assert.equal(written, to);
        assert.deepEqual(read(written, FILE, "vm[NEW]"), {
          kind: "value",
          value: value(id, realtime),
          raw: to.slice(to.indexOf(`<vm id="${id}"`), to.lastIndexOf("</vm>") + 5),
        });
        assert.equal(write(written, FILE, "vm[NEW]", value(id, realtime)), written);
        assert.equal(restore(written, FILE, "vm[NEW]", undefined), from);
        assert.equal(write(written, FILE, "vm[NEW]", null), from);
      });

  it("v3.0 has 256 MB by default", () => {
    const text = scenario(service()).replace(
      "MCE_ON_PSC_ENABLED>y</MCE_ON_PSC_ENABLED",
      "MCE_ON_PSC_DISABLED>n</MCE_ON_PSC_DISABLED",
    );
    assert.equal(insertedVmDefaults(text, FILE, "NEW").memoryMb, 256);
  });
});

describe("a new VM: its id", () => {
  const limited = (max: number, ...vms: string[]) =>
    scenario(...vms).replace("</hv>", `<CAPACITIES><MAX_VM_NUM>${max}</MAX_VM_NUM></CAPACITIES></hv>`);
  const free: [string, string, number][] = [
    ["behind the last", scenario(service(), post(1), post(2)), 3],
    ["behind the greatest, wherever it stands", scenario(service(1), post(9), post(3)), 10],
    ["a gap where there is no room behind", limited(4, service(), post(1), post(3)), 2],
    ["never below the Service VM", limited(5, service(2), post(4)), 3],
    ["v2.6 and older: 8 VMs", scenario(old(0, "SOS_VM"), old(7, "POST_STD_VM")), 1],
  ];
  for (const [name, text, id] of free) it(name, () => assert.equal(freeVmId(text, FILE), id));

  const refused: [
    string,
    string,
    ReturnType<typeof value> | { id: number; load: string; realtime: boolean },
    string,
    RegExp,
    string?,
  ][] = [
    ["taken", scenario(service(), post(1)), value(1), "scenario.vm-id", /P1's/],
    ["not above the Service VM", scenario(service(3)), value(2), "scenario.vm-id", /greater than.*3/],
    ["not below MAX_VM_NUM", limited(4, service()), value(4), "scenario.vm-id", /below 4/],
    ["no Service VM", scenario(post(1)), value(2), "scenario.no-service-vm", /no Service VM/],
    ["a name that ACRN refuses", scenario(service()), value(1), "scenario.vm-name", /name/, "a b"],
    ["a name of 16", scenario(service()), value(1), "scenario.vm-name", /name/, "x".repeat(16)],
    ["the key of a nameless VM", scenario(old(0, "SOS_VM")), value(1), "scenario.vm-name", /name/, "#5"],
    [
      "a second RTVM up to v2.6",
      scenario(old(0, "SOS_VM"), old(1, "POST_RT_VM")),
      value(2),
      "scenario.uuid",
      /1 POST_RT_VM/,
    ],
    [
      "a pre-launched VM",
      scenario(service()),
      { ...value(1), load: "pre-launched" },
      "scenario.no-place",
      /pre-launched/,
    ],
  ];
  for (const [name, text, wanted, code, message, vm = "NEW"] of refused)
    it(`refused: ${name}`, () =>
      assert.throws(
        () => write(text, FILE, `vm[${vm}]`, wanted),
        (error) => error instanceof AcrnError && error.code === code && message.test(error.message),
      ));

  for (const [name, text, hint] of [
    ["3.x", limited(2, service(), post(1)), /MAX_VM_NUM/],
    ["as many VMs as there is room for, whatever their ids", limited(2, service(0), post(5)), /2 VMs/],
    ["2.x", scenario(...[0, 1, 2, 3, 4, 5, 6, 7].map((id) => old(id, id === 0 ? "SOS_VM" : "POST_STD_VM"))), /8 VMs/],
  ] as const)
    it(`full (${name})`, () =>
      assert.throws(
        () => freeVmId(text, FILE),
        (error) => error instanceof AcrnError && error.code === "scenario.full" && hint.test(error.message),
      ));
});

describe("a VM that is there, as a field", () => {
  const text = scenario(service(), post(1, "<vm_type> RTVM </vm_type>").replace('"1"', "'1'"), post(2));
  const raw = (each: string) => {
    const reading = read(each, FILE, "vm[P1]");
    return reading.kind === "value" ? reading.raw : undefined;
  };

  it("another id, another type: set in place, and given back", () => {
    const written = write(text, FILE, "vm[P1]", value(5, false));
    assert.equal(written, text.replace("id='1'", "id='5'").replace(" RTVM ", " STANDARD_VM "));
    assert.equal(restore(written, FILE, "vm[P1]", raw(text)), text);
  });

  it("what others changed in it meanwhile stays", () => {
    const written = write(text, FILE, "vm[P1]", value(5)).replace("<name>P1</name>", "<name>P1</name><!-- x -->");
    assert.equal(
      restore(written, FILE, "vm[P1]", raw(text)),
      text.replace("<name>P1</name>", "<name>P1</name><!-- x -->"),
    );
  });

  it("2.x: a type that a flag makes a real-time one is read by its word, which is what is written", () => {
    const flagged = scenario(
      old(0, "SERVICE_VM"),
      old(1, "POST_STD_VM", "<name>P1</name>", "<guest_flags><guest_flag>GUEST_FLAG_RT</guest_flag></guest_flags>"),
    );
    const reading = read(flagged, FILE, "vm[P1]");
    assert.deepEqual(reading.kind === "value" && reading.value, value(1, false));
    assert.equal(write(flagged, FILE, "vm[P1]", value(1, false)), flagged);
    assert.equal(write(flagged, FILE, "vm[P1]", value(1)), flagged.replace("POST_STD", "POST_RT"));
  });

  it("not an id that is another's", () =>
    assert.throws(() => write(text, FILE, "vm[P1]", value(2)), { code: "scenario.vm-id" }));

  it("cannot be launched in another way", () =>
    assert.throws(() => write(text, FILE, "vm[P1]", { ...value(1), load: "service" }), { code: "scenario.vm-load" }));

  it("taken out by somebody: comes back whole", () => {
    const gone = restore(text, FILE, "vm[P2]", undefined);
    assert.equal(gone, scenario(service(), post(1, "<vm_type> RTVM </vm_type>").replace('"1"', "'1'")));
    assert.deepEqual(read(gone, FILE, "vm[P2]"), { kind: "absent" });
    const again = read(text, FILE, "vm[P2]");
    assert.equal(again.kind === "value" && restore(gone, FILE, "vm[P2]", again.raw), text);
    assert.equal(restore(gone, FILE, "vm[P2]", undefined), gone);
  });

  it("comments that people wrote into it stay where it was", () => {
    const with2 = write(scenario(service(), "  <!-- end -->"), FILE, "vm[NEW]", value(1));
    const remarked = with2
      .replace("<size>1024", "<!-- agreed\n with cell 7 --><size>1024")
      .replace("<vuart0>", "<!-- b --><vuart0>");
    assert.equal(
      restore(remarked, FILE, "vm[NEW]", undefined),
      scenario(service(), "  <!-- agreed\n with cell 7 -->", "  <!-- b -->", "  <!-- end -->"),
    );
  });

  it("its fields have no place while it is not there", () => {
    const reading = read(text, FILE, "vm[NEW]/memory");
    assert.ok(reading.kind === "no-place" && /no VM NEW/.test(reading.why));
    assert.throws(() => write(text, FILE, "vm[NEW]/memory", 1), { code: "scenario.no-place" });
    assert.equal(restore(text, FILE, "vm[NEW]/memory", undefined), text);
  });
});

/** With cores it is a VM that ACRN accepts; two of them come out in any order. */
function insertionLaw(text: string): boolean {
  let now = text;
  for (const [vm, cpus] of [
    ["NEW_A", [1]],
    ["NEW_B", [2, 3]],
  ] as const) {
    const inserted = tryInsert(now, vm);
    if (inserted === undefined) return false;
    const cores = write(inserted, FILE, `vm[${vm}]/cpu_affinity`, [...cpus]);
    assertLegal(cores, text);
    assert.deepEqual(
      readScenario(cores, FILE).vms.filter(({ key }) => key !== vm),
      readScenario(now, FILE).vms,
    );
    now = cores;
  }
  const one = restore(restore(now, FILE, "vm[NEW_A]", undefined), FILE, "vm[NEW_B]", undefined);
  const two = restore(restore(now, FILE, "vm[NEW_B]", undefined), FILE, "vm[NEW_A]", undefined);
  assert.equal(one, text);
  assert.equal(two, text);
  return true;
}

/** Undefined where ACRN has no room, or nobody to launch it. */
function tryInsert(text: string, vm: string): string | undefined {
  try {
    return write(text, FILE, `vm[${vm}]`, value(freeVmId(text, FILE), false));
  } catch (error) {
    if (error instanceof AcrnError && /^scenario\.(full|no-service-vm|uuid)$/.test(error.code)) return undefined;
    throw error;
  }
}

describe("a new VM: legal, and out again byte for byte", () => {
  const full = ["v2.5/nuc11tnbi5/industry.xml", "v2.5/whl-ipc-i5/industry.xml"];
  for (const name of Object.keys(REAL))
    it(`in ${name}`, function () {
      const possible = !/partitioned|logical_partition/.test(name) && !full.includes(name);
      assert.equal(insertionLaw(readReal(this, name)), possible);
    });

  it("in any built scenario", () => {
    let done = 0;
    fc.assert(
      fc.property(host({ textOnly: false }), ({ scenario: spec }) => {
        if (insertionLaw(buildScenario(spec))) done++;
      }),
      { numRuns: 60 },
    );
    assert.ok(done > 30, `inserted in ${done} only`);
  });
});
