import assert from "node:assert/strict";
import fc from "fast-check";
import { buildBoard } from "../../../examples/lab/builder";
import { readBoard } from "../../../provider/core/acrn/board";
import { AcrnError } from "../../../provider/core/errors";
import { boardSpec } from "../../support/arbitraries";

const TEXT = buildBoard({ name: "b", pCores: 4, l2: { cat: true } });

/** Replaces the n-th occurrence (from 1); a row whose text is not there would test nothing. */
function change(from: string, to: string, n = 1): string {
  const parts = TEXT.split(from);
  assert.ok(parts.length > n, `${from} is not there ${n} times`);
  return parts.slice(0, n).join(from) + to + parts.slice(n).join(from);
}

function without(tag: string): string {
  const text = TEXT.replace(new RegExp(`<${tag}>[\\s\\S]*?\\n {2}</${tag}>|<${tag}>[\\s\\S]*?</${tag}>`), "");
  assert.notEqual(text, TEXT);
  return text;
}

describe("board files that contradict themselves", () => {
  const rows: [what: string, text: string, code: string, message: RegExp][] = [
    ["not XML", "PK\u0003", "xml.syntax", /board.xml/],
    ["empty", "", "xml.syntax", /board.xml/],
    ["another root", "<scenario/>", "board.root", /<scenario>, not <acrn-config>/],
    ["a scenario file", '<acrn-config><hv/><vm id="0"/></acrn-config>', "board.no-cpus", /names no CPU/],
    ["no cpu_id", change("<cpu_id>2</cpu_id>", ""), "board.thread.cpu-id", /cpu_id/],
    ["a cpu_id that is no number", change("<cpu_id>2<", "<cpu_id>two<"), "board.thread.cpu-id", /cpu_id/],
    ["a cpu_id beyond all machines", change("<cpu_id>2<", "<cpu_id>70000<"), "board.thread.cpu-id", /4095/],
    ["a cpu_id twice", change("<cpu_id>2<", "<cpu_id>1<"), "board.thread.cpu-id", /two <thread>s have the cpu_id 1/],
    ["no apic_id", change("<apic_id>0x4</apic_id>", ""), "board.thread.apic-id", /pCPU 2 has no <apic_id>/],
    ["an apic_id in decimal", change("<apic_id>0x4<", "<apic_id>4<"), "board.thread.apic-id", /in hex/],
    ["an apic_id twice", change("<apic_id>0x4<", "<apic_id>0x2<"), "board.thread.apic-id", /pCPU 1 and 2 .* 0x2/],
    [
      "a thread outside of a core",
      change('<core id="0x2">', '<cluster id="0x2">').replace(/<\/core>(\s*<core id="0x3">)/, "</cluster>$1"),
      "board.thread.core",
      /not a child of a <core>/,
    ],
    [
      "a cache of an unknown CPU",
      change("<processor>0x4</processor>", "<processor>0x5</processor>"),
      "board.cache.apic-id",
      /L1 cache 0x2 .*"0x5"/,
    ],
    ["a cache of nobody", change("<processor>0x4</processor>", ""), "board.cache.sharers", /L1 cache 0x2 lists no/],
    ["a cache without level", change('<cache level="2"', "<cache"), "board.cache", /level, id and type/],
    ["a cache of type 4", change('id="0x0" type="3"', 'id="0x0" type="4"'), "board.cache", /type/],
    ["CAT without CLOS", change("<clos_number>8</clos_number>", ""), "board.cache.cat", /L2 cache 0x0 has CAT/],
    ["a mask of 33 bits", change("<capacity_mask_length>20<", "<capacity_mask_length>33<"), "board.cache.cat", /CAT/],
    [
      "a CPU in two L2",
      change("<processor>0x2</processor>", "<processor>0x2</processor><processor>0x4</processor>", 3),
      "board.cache.overlap",
      /pCPU 2 is in the L2 cache 0x1 and in the L2 cache 0x2/,
    ],
    [
      "a CPU in a unified cache and in a data cache of the same level",
      change('level="1" id="0x0" type="1"', 'level="2" id="0x0" type="1"'),
      "board.cache.overlap",
      /pCPU 0 is in the L2 cache 0x0 and in the L2 cache 0x0/,
    ],
    [
      "core types within a core",
      buildBoard({ name: "b", cores: [{ threads: 2 }, { type: "E" }] }).replace(
        "<core_type>Core</core_type>\n          <native",
        "<core_type>Atom</core_type>\n          <native",
      ),
      "board.core.type",
      /different core types/,
    ],
    ["CPU numbers that are none", change("0, 1, 2, 3", "0, 1, x, 3"), "board.cpu-numbers", /item 3/],
    ["CPU numbers twice", change("0, 1, 2, 3", "0, 1, 1, 3"), "board.cpu-numbers", /twice/],
    ["a PCI bus without address", change('type="pci" address="0x1"', 'type="pci"'), "board.pci.address", /<bus>/],
    ["a PCI slot beyond 1f", change('address="0x20000"', 'address="0x200000"'), "board.pci.address", /0xDDDDFFFF/],
    ["a PCI device twice", change('address="0x140000"', 'address="0x20000"'), "board.pci.duplicate", /00:02\.0/],
  ];
  for (const [what, text, code, message] of rows)
    it(what, () => {
      assert.throws(
        () => readBoard(text, "board.xml"),
        (error) => {
          assert.ok(error instanceof AcrnError, String(error));
          assert.equal(error.code, code);
          assert.match(error.message, message);
          assert.ok(error.hint, "a hint");
          assert.equal(error.where?.file, "board.xml");
          assert.ok((error.where?.line ?? 0) > 0, "a line");
          return true;
        },
      );
    });

  it("the place is the line of the element at fault", () => {
    const text = change("<apic_id>0x4</apic_id>", "");
    const expected = text.split("\n").findIndex((line) => line.includes("<cpu_id>2<"));
    // The <thread> starts one line above its <cpu_id>, and lines count from 1: both shifts cancel out.
    assert.throws(
      () => readBoard(text, "board.xml"),
      (error) => error instanceof AcrnError && error.where?.line === expected,
    );
  });
});

describe("board files that leave something open", () => {
  const rows: [what: string, text: string, missing: RegExp][] = [
    ["no caches", without("caches"), /no usable caches part/],
    ["no processors: caches are not usable either", without("processors"), /without processors no pCPU can be told/],
    [
      "no devices and no PCI text",
      `<acrn-config>${TEXT.slice(TEXT.indexOf("<processors>"), TEXT.indexOf("<devices>"))}</acrn-config>`,
      /lists no PCI devices/,
    ],
    ["CPU texts that disagree", change("0, 1, 2, 3", "0, 1, 2, 3, 4"), /CPUs 0-4, processors 0-3/],
    ["a CPU without L2", TEXT.replace(/<cache level="2" id="0x3"[\s\S]*?<\/cache>/, ""), /No L2 cache lists pCPU 3/],
    [
      "one id for two CAT caches",
      change('<cache level="2" id="0x3"', '<cache level="2" id="0x2"'),
      /Two L2 caches have the id 0x2/,
    ],
    ["CLOS_INFO with no CLOS", change("clos max: 8", "clos max: 0"), /CLOS_INFO is not as/],
    ["CLOS_INFO with a number too many", change("clos max: 8", "clos max: 8, 8"), /CLOS_INFO is not as/],
    ["CLOS_INFO in other words", change("rdt resource clos max: 8", "rdt clos: 8"), /CLOS_INFO is not as/],
  ];
  for (const [what, text, missing] of rows)
    it(what, () => {
      const topology = readBoard(text, "board.xml");
      assert.ok(
        topology.missing.some((sentence) => missing.test(sentence)),
        topology.missing.join("\n"),
      );
    });

  it("a board without processors still names its CPUs, and knows neither cores nor sharing", () => {
    const topology = readBoard(without("processors"), "board.xml");
    assert.deepEqual(
      topology.pcpus.map((pcpu) => pcpu.id),
      [0, 1, 2, 3],
    );
    assert.deepEqual([topology.coresKnown, topology.cachesKnown, topology.caches], [false, false, []]);
  });

  it("CLOS_INFO of several resources, MBA among them", () => {
    const text = change("supported: L2", "supported: L2, MBA")
      .replace("clos max: 8", "clos max: 16, 8")
      .replace("mask max: '0xfffff'", "mask max: '0xfffff', '0'");
    const topology = readBoard(text, "b.xml");
    assert.deepEqual(topology.clos, { resources: ["L2", "MBA"], max: [16, 8], masks: ["0xfffff", "0"] });
    assert.deepEqual(topology.missing, []);
  });

  it("CDP counts beside CAT and below it", () => {
    const cdp = '<capability id="CDP"/>';
    const [below, beside] = [
      change("<clos_number>8</clos_number>", `<clos_number>8</clos_number>${cdp}`),
      change('<capability id="CAT">', `${cdp}<capability id="CAT">`),
    ];
    for (const text of [below, beside])
      assert.deepEqual(
        readBoard(text, "b.xml")
          .caches.filter((cache) => cache.cdp)
          .map((cache) => `${cache.level}/${cache.id}`),
        ["2/0x0"],
      );
  });

  it("without CLOS_INFO the caches tell the CLOS; of caches that differ, the smaller number", () => {
    const text = buildBoard({
      name: "b",
      pCores: 2,
      eCores: 4,
      l2: { ways: 10, cat: true },
      eL2: { ways: 16, cat: { clos: 16 } },
    });
    const bare = text.replace(/<CLOS_INFO>[\s\S]*?<\/CLOS_INFO>/, "");
    assert.deepEqual(readBoard(bare, "b.xml").clos, { resources: ["L2"], max: [8], masks: ["0x3ff"] });
  });
});

describe("hostile board files", () => {
  const spoil = fc.record({
    at: fc.nat(),
    length: fc.nat(12),
    by: fc.oneof(fc.string(), fc.constantFrom("", "<", ">", '"', "-1", "0x", "\u0000", "9".repeat(400))),
  });

  it("garbage in any place is an AcrnError or leaves a topology, never another throw", () => {
    fc.assert(
      fc.property(boardSpec(), fc.array(spoil, { minLength: 1, maxLength: 3 }), (spec, spoils) => {
        let text = buildBoard(spec);
        for (const { at, length, by } of spoils) {
          const start = at % text.length;
          text = text.slice(0, start) + by + text.slice(start + length);
        }
        readOrRefuse(text);
      }),
      { numRuns: 500 },
    );
  });

  it("so is garbage in the text of any element", () => {
    const garbage = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("", "0x", "-1", "1e9", "0xffffffffffff", "99999999999999999999", "\u0007"),
    );
    fc.assert(
      fc.property(boardSpec(), fc.nat(), garbage, (spec, nth, value) => {
        const text = buildBoard(spec);
        const leaves = [...text.matchAll(/>[^<>]*<\//g)];
        const leaf = leaves[nth % leaves.length];
        assert.ok(leaf);
        const safe = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
        readOrRefuse(`${text.slice(0, leaf.index + 1)}${safe}${text.slice(leaf.index + leaf[0].length - 2)}`);
      }),
      { numRuns: 500 },
    );
  });

  const bombs: [what: string, text: string][] = [
    ["depth", `<acrn-config>${"<a>".repeat(100_000)}`],
    ["entities", '<!DOCTYPE a [<!ENTITY b "bbb">]><acrn-config>&b;</acrn-config>'],
    [
      "a bus of ten thousand devices without vendor",
      `<acrn-config><CPU_PROCESSOR_INFO>0</CPU_PROCESSOR_INFO><devices><bus type="pci" address="0x0">${'<device address="0x0"/>'.repeat(10_000)}</bus></devices></acrn-config>`,
    ],
    [
      "a prototype's name as attribute",
      '<acrn-config __proto__="x" constructor="y"><CPU_PROCESSOR_INFO>0</CPU_PROCESSOR_INFO></acrn-config>',
    ],
  ];
  for (const [what, text] of bombs) it(what, () => readOrRefuse(text));
});

function readOrRefuse(text: string): void {
  try {
    const topology = readBoard(text, "board.xml");
    const ids = new Set(topology.pcpus.map((pcpu) => pcpu.id));
    assert.equal(ids.size, topology.pcpus.length);
    for (const cache of topology.caches) assert.ok(cache.pcpus.length > 0 && cache.pcpus.every((id) => ids.has(id)));
    for (const core of topology.cores) assert.ok(core.pcpus.every((id) => ids.has(id)));
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
  }
}
