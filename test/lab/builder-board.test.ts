import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { type BoardSpec, buildBoard, layOut } from "../../examples/lab/builder";
import { parseXml, type XmlElement } from "../../provider/core/xml";
import { optional } from "../support/needs";

/** What a layout says, short: `cpu@apic` by core, and the pCPUs of each L2. */
function shape(spec: BoardSpec): string {
  const layout = layOut(spec);
  const cores = layout.cores.map((core) => `${core.type}${core.threads.map((t) => `${t.cpu}@${t.apicId}`).join("+")}`);
  const l2 = layout.caches.filter((cache) => cache.level === 2);
  return `${cores.join(" ")} | ${l2.map((cache) => `${cache.id}:${cache.threads.map((t) => t.cpu).join("+")}`).join(" ")}`;
}

describe("the builder's boards", () => {
  const layouts: [what: string, spec: Partial<BoardSpec>, expected: string][] = [
    ["nothing told: four cores", {}, "P0@0 P1@2 P2@4 P3@6 | 0x0:0 0x1:1 0x2:2 0x3:3"],
    ["one step from core to core, as under QEMU", { pCores: 2, apicStep: 1 }, "P0@0 P1@1 | 0x0:0 0x1:1"],
    ["SMT, siblings last", { pCores: 2, smt: true }, "P0@0+2@1 P1@2+3@3 | 0x0:0+2 0x1:1+3"],
    ["an L2 for two", { pCores: 4, l2SharedBy: 2 }, "P0@0 P1@2 P2@4 P3@6 | 0x0:0+1 0x1:2+3"],
    [
      "an L2 for four pCPUs is one for two cores with SMT",
      { pCores: 4, smt: true, l2SharedBy: 4 },
      "P0@0+4@1 P1@2+5@3 P2@4+6@5 P3@6+7@7 | 0x0:0+4+1+5 0x1:2+6+3+7",
    ],
    ["never less than a core", { pCores: 2, smt: true, l2SharedBy: 1 }, "P0@0+2@1 P1@2+3@3 | 0x0:0+2 0x1:1+3"],
    [
      "as on Alder Lake",
      { pCores: 2, eCores: 8, smt: true },
      "P0@0+1@1 P2@8+3@9 E4@16 E5@18 E6@20 E7@22 E8@24 E9@26 E10@28 E11@30 | 0x0:0+1 0x1:2+3 0x2:4+5+6+7 0x3:8+9+10+11",
    ],
    ["E clusters of two", { pCores: 1, eCores: 3, eClusterSize: 2 }, "P0@0 E1@8 E2@10 E3@16 | 0x0:0 0x1:1+2 0x2:3"],
    ["core by core", { cores: [{ threads: 2 }, {}, { type: "E" }] }, "P0@0+1@1 P2@8 E3@16 | 0x0:0+1 0x1:2 0x2:3"],
  ];
  for (const [what, spec, expected] of layouts) it(what, () => assert.equal(shape({ name: "b", ...spec }), expected));

  const impossible: [what: string, spec: Partial<BoardSpec>][] = [
    ["no cores", { cores: [] }],
    ["SMT without room between APIC ids", { pCores: 2, smt: true, apicStep: 1 }],
  ];
  for (const [what, spec] of impossible)
    it(`refuses: ${what}`, () => assert.throws(() => layOut({ name: "b", ...spec }), /board b/));

  it("writes the same text for the same spec", () => {
    const spec: BoardSpec = { name: "b", pCores: 2, eCores: 4 };
    assert.equal(buildBoard(spec), buildBoard(spec));
  });
});

/** Elements of the builder that the shipped boards, all without these capabilities, do not show (reference, section 4). */
const BEYOND = new Set(["cache/parameter@id", "parameter/waymask"]);

describe("the builder's boards against ACRN's", () => {
  const rows: [dialect: "2.x" | "3.x", files: string[]][] = [
    ["2.x", ["v2.5/nuc11tnbi5/nuc11tnbi5", "v2.5/whl-ipc-i5/whl-ipc-i5"]],
    [
      "3.x",
      ["v3.4-dev/nuc11tnbi5/nuc11tnbi5", "v3.4-dev/whl-ipc-i5/whl-ipc-i5", "v3.4-dev/generic_board/generic_board"],
    ],
  ];
  for (const [dialect, files] of rows)
    it(`${dialect}: no element or attribute that real files do not have there`, function () {
      const paths = files.map((file) => `../shared/acrn-data/${file}.xml`);
      optional(this, paths.every(existsSync), "no ../shared/acrn-data");
      const real = new Set(paths.flatMap((path) => [...vocabulary(readFileSync(path, "utf8"))]));
      const spec: BoardSpec = {
        name: "b",
        dialect,
        pCores: 1,
        eCores: 4,
        l2: { cat: { cdp: true } },
        l3: { gtWayMask: "0xc00" },
      };
      const strange = [...vocabulary(buildBoard(spec))].filter((word) => !real.has(word) && !BEYOND.has(word));
      assert.deepEqual(strange, []);
    });

  it("text parts come in the order of the real files", function () {
    const path = "../shared/acrn-data/v2.5/nuc11tnbi5/nuc11tnbi5.xml";
    optional(this, existsSync(path), "no ../shared/acrn-data");
    const names = (text: string) => parseXml(text, "b.xml").root.children.map((child) => child.name);
    assert.deepEqual(names(buildBoard({ name: "b", dialect: "2.x" })), names(readFileSync(path, "utf8")));
  });
});

/** `parent/child@attributes` of every element. */
function vocabulary(text: string): Set<string> {
  const words = new Set<string>();
  const visit = (element: XmlElement): void => {
    for (const child of element.children) {
      words.add(`${element.name}/${child.name}`);
      for (const name of child.attributes.keys()) words.add(`${element.name}/${child.name}@${name}`);
      visit(child);
    }
  };
  visit(parseXml(text, "b.xml").root);
  for (const word of [...words]) if (word === "cache/parameter") words.delete(word);
  return words;
}
