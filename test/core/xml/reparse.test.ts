import assert from "node:assert/strict";
import fc from "fast-check";
import { buildScenario } from "../../../examples/lab/builder";
import { AcrnError } from "../../../provider/core/errors";
import { LIMITS, parseXml, reparsed, type XmlDoc } from "../../../provider/core/xml";

const scenario = buildScenario({
  name: "shared",
  dialect: "3.x",
  board: "b",
  vms: [
    { kind: "service", cpus: [0] },
    { kind: "post-rt", name: "RT", cpus: [2, 3] },
    { kind: "post-rt", name: "STD", cpus: [4] },
  ],
});
const row = " <x><y id=\"1\">one</y><z/>\u{1f600}</x>\r\n <!-- c --> <x k='2'><![CDATA[<y>]]>two &lt; three &#65;</x>";
const small = `<?xml version="1.0"?>\n<r a="1">\n${row.repeat(4)}</r>\n<!-- end -->`;

/** What may be put anywhere, well-formed or not. */
const piece = fc.oneof(
  fc.constantFrom(
    "",
    "<",
    ">",
    "</y>",
    "<y>",
    "<q/>",
    "<q>1\r\n2</q>",
    "&amp;",
    "&#6x;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    '"',
    "\n",
    "\r",
  ),
  fc.constantFrom("\u{1f600}", "\ud83d", "\ude00", "\u00e9", "\0", "<?pi x?>", "<!DOCTYPE a>", " b='2'", "x"),
  fc.string({ maxLength: 5 }),
);
const edit = fc.record({ at: fc.nat(9999), cut: fc.nat(12), put: piece });

function edited(text: string, { at, cut, put }: { at: number; cut: number; put: string }): string {
  const start = Math.floor((at * text.length) / 10_000);
  return text.slice(0, start) + put + text.slice(start + cut);
}

function parsedOrNot(text: string): XmlDoc | undefined {
  try {
    return parseXml(text, "f");
  } catch (error) {
    assert.ok(error instanceof AcrnError);
    return undefined;
  }
}

/** Every element knows the one that it is in, of this very document. */
function assertParents({ root }: XmlDoc): void {
  const walk = (element: XmlDoc["root"]): void => {
    for (const each of element.children) {
      assert.equal(each.parent, element);
      walk(each);
    }
  };
  assert.equal(root.parent, undefined);
  walk(root);
}

describe("xml: reparsed", () => {
  for (const [name, source] of [
    ["a small document", small],
    ["one with CR alone", small.replaceAll("\n", "\r")],
    ["one in Latin-1, as it says", small.replace("?>", ' encoding="ISO-8859-1"?>').replaceAll("\u{1f600}", "")],
    ["a scenario", scenario],
  ] as const)
    it(`is what a parse would be, or nothing, after any two edits: ${name}`, () => {
      let short = 0;
      fc.assert(
        fc.property(edit, edit, (first, second) => {
          let doc = parseXml(source, "f");
          for (const each of [first, second]) {
            const text = edited(doc.text, each);
            const quick = reparsed(doc, text, "f");
            const whole = parsedOrNot(text);
            if (quick) {
              assert.deepEqual(quick, whole);
              assertParents(quick);
              short++;
            }
            if (!whole) return;
            doc = quick ?? whole;
          }
        }),
        { numRuns: 400 },
      );
      assert.ok(short > 20, `only ${short} were reparsed`);
    });

  for (const [what, edit] of [
    ["an edit within one VM", (text: string) => text.replace("<pcpu_id>2</pcpu_id>", "<pcpu_id>12</pcpu_id>")],
    ["edits in several VMs", (text: string) => text.replaceAll(/<pcpu_id>(\d)</g, "<pcpu_id>1$1<")],
    ["an element more in a VM", (text: string) => text.replace("<pcpu>", "<pcpu><pcpu_id>7</pcpu_id></pcpu><pcpu>")],
    ["another attribute", (text: string) => text.replace('<vm id="1"', '<vm id="7"')],
    ["an element less in a VM", (text: string) => text.replace(/<cpu_affinity>[\s\S]*?<\/cpu_affinity>\s*/, "")],
  ] as const)
    it(`parses ${what} by these VMs at most, and takes the new name of the file`, () => {
      const text = edit(scenario);
      assert.notEqual(text, scenario);
      const doc = reparsed(parseXml(scenario, "f"), text, "g");
      assert.deepEqual(doc, parseXml(text, "g"));
    });

  it("leaves what may be wrong, too deep or outside of every element to the parser", () => {
    const deep = (levels: number, inner: string) => `${"<d>".repeat(levels)}${inner}${"</d>".repeat(levels)}`;
    const full = `<r><p>${" ".repeat(2000)}</p>${deep(LIMITS.depth - 1, "x")}</r>`;
    for (const [before, after] of [
      [small, small.replace("one", "<one")],
      [small, small.replace("end", "END")],
      [small, small.replace("<x>", "<z/><x>")],
      [full, full.replace("x", "<d/>")],
    ] as const)
      assert.equal(reparsed(parseXml(before, "f"), after, "f"), undefined);
  });
});
