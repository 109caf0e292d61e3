import assert from "node:assert/strict";
import fc from "fast-check";
import { find, flatten, pathOf, sameFields, trimSpace } from "../../../provider/core/xml";
import { all, documents, parse } from "./support";

describe("sameFields", () => {
  const base = '<r a="1" b="2"><x>v</x><!-- c --><y/></r>';
  const same: [string, string][] = [
    ["itself", base],
    ["order and quotes of attributes", "<r b='2' a='1'><x>v</x><!-- c --><y/></r>"],
    ["white space", '<r a="1"\n b="2" >\r\n <x> v\n</x >\t<!--c--> <y /> </r>\n'],
    ["closed or empty", '<r a="1" b="2"><x>v</x><!-- c --><y></y></r>'],
    ["CDATA and references", '<r a="&#49;" b="2"><x><![CDATA[v]]></x><!-- c --><y/></r>'],
    ["BOM and declaration", `\ufeff<?xml version="1.0"?>${base}`],
  ];
  for (const [title, text] of same) it(`the same: ${title}`, () => assert(sameFields(parse(base), parse(text))));

  const other: [string, string][] = [
    ["a text", base.replace("v", "w")],
    ["an attribute", base.replace("2", "3")],
    ["a missing attribute", base.replace(' b="2"', "")],
    ["a name", base.replaceAll("x>", "z>")],
    ["a comment", base.replace(" c ", " d ")],
    ["no comment", base.replace("<!-- c -->", "")],
    ["a comment outside the root", `${base}<!-- d -->`],
    ["an instruction", `<?do it?>${base}`],
    ["the order of children", '<r a="1" b="2"><y/><!-- c --><x>v</x></r>'],
    ["the place of a comment", '<r a="1" b="2"><!-- c --><x>v</x><y/></r>'],
    ["one more child", base.replace("<y/>", "<y/><y/>")],
    ["a child moved inwards", '<r a="1" b="2"><x>v<y/></x><!-- c --></r>'],
    ["text that looks like markup", base.replace("<y/>", "&lt;y/&gt;")],
    ["a text moved behind a child", base.replace("<x>v</x>", "<x/>v")],
    ["a no-break space", base.replace("v", "\u00a0v")],
    ["white space within a text", base.replace("v", "v v").replace("<y/>", "<y/>")],
  ];
  for (const [title, text] of other) it(`other: ${title}`, () => assert(!sameFields(parse(base), parse(text))));

  it("sees where text stands among children", () => {
    assert(!sameFields(parse("<r>a<x/></r>"), parse("<r><x/>a</r>")));
    assert(!sameFields(parse("<r>a<!-- c -->b</r>"), parse("<r>ab<!-- c --></r>")));
  });

  it("sees CRLF as LF within texts and comments", () => {
    const text = "<r><x>a\nb</x><!-- c\nd --></r>";
    assert(sameFields(parse(text), parse(text.replaceAll("\n", "\r\n"))));
    assert(sameFields(parse(text), parse(text.replaceAll("\n", "\r"))));
  });
});

describe("flatten", () => {
  it("names values by path", () => {
    const doc = parse(`<acrn-config board="b">
      <hv><FEATURES><RDT><RDT_ENABLED> y </RDT_ENABLED><CLOS_MASK>0xff0</CLOS_MASK><CLOS_MASK>0xf</CLOS_MASK></RDT></FEATURES></hv>
      <vm id="0"><name>A&amp;B</name><memory/></vm>
      <vm id="2"><cpu_affinity><pcpu><pcpu_id>2</pcpu_id></pcpu><pcpu k="1"><pcpu_id>3</pcpu_id></pcpu></cpu_affinity></vm>
      stray
    </acrn-config>`);
    assert.deepEqual(
      [...flatten(doc)],
      [
        ["@board", "b"],
        ["text()", "stray"],
        ["hv/FEATURES/RDT/RDT_ENABLED", "y"],
        ["hv/FEATURES/RDT/CLOS_MASK[1]", "0xff0"],
        ["hv/FEATURES/RDT/CLOS_MASK[2]", "0xf"],
        ["vm[@id='0']/name", "A&B"],
        ["vm[@id='0']/memory", ""],
        ["vm[@id='2']/cpu_affinity/pcpu[1]/pcpu_id", "2"],
        ["vm[@id='2']/cpu_affinity/pcpu[2]/@k", "1"],
        ["vm[@id='2']/cpu_affinity/pcpu[2]/pcpu_id", "3"],
      ],
    );
  });

  it("keeps VMs apart that should not be there", () => {
    const doc = parse(
      `<r><vm id="1">a</vm><vm id="1">b</vm><vm>c</vm><vm>d</vm><vm id="it's">e</vm><vm id="'&quot;/">f</vm></r>`,
    );
    assert.deepEqual(
      [...flatten(doc)],
      [
        ["vm[@id='1'][1]", "a"],
        ["vm[@id='1'][2]", "b"],
        ["vm[3]", "c"],
        ["vm[4]", "d"],
        [`vm[@id="it's"]`, "e"],
        ["vm[6]/@id", `'"/`],
        ["vm[6]", "f"],
      ],
    );
  });

  it("takes a document of one leaf, and names of the prototype", () => {
    assert.deepEqual([...flatten(parse("<r> 1 </r>"))], [["text()", "1"]]);
    assert.deepEqual(
      [...flatten(parse("<r><__proto__>1</__proto__><constructor/></r>"))],
      [
        ["__proto__", "1"],
        ["constructor", ""],
      ],
    );
  });
});

describe("find and pathOf", () => {
  const doc = parse('<r><vm id="1"><a/></vm><vm id="a/b]"><a/><a k="2"/></vm><b/></r>');
  const rows: [string, string | undefined][] = [
    ["", "r"],
    ["vm", "vm[@id='1']"],
    ["vm[2]", "vm[@id='a/b]']"],
    ["vm[@id='a/b]']/a[2]", "vm[@id='a/b]']/a[2]"],
    ['vm[@id="1"]/a', "vm[@id='1']/a"],
    ["vm[2]/a[@k='2']", "vm[@id='a/b]']/a[2]"],
    ["vm[3]", undefined],
    ["nope/a", undefined],
    ["b/@k", undefined],
  ];
  for (const [path, wanted] of rows)
    it(JSON.stringify(path), () => {
      const found = find(doc.root, path);
      assert.equal(found && (pathOf(found) || "r"), wanted);
    });

  for (const path of ["/b", "vm[", "a//b", "vm[x]"])
    it(`a malformed path is a bug: ${path}`, () => assert.throws(() => find(doc.root, path), /not an element path/));

  it("every element is found at its own path, and every value is in flatten", () => {
    fc.assert(
      fc.property(documents, (text) => {
        const doc = parse(text);
        const flat = flatten(doc);
        for (const element of all(doc)) {
          assert.equal(find(doc.root, pathOf(element)), element);
          const key = pathOf(element) || "text()";
          if (element.children.length === 0) assert.equal(flat.get(key), trimSpace(element.value));
        }
      }),
      { numRuns: 500 },
    );
  });
});
