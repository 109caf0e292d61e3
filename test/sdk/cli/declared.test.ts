import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { AcrnError } from "../../../provider/core/errors";
import { parseDeclared } from "../../../sdk/cli/declared/parse";
import { readDeclared } from "../../../sdk/cli/declared/read";
import { inOrder, substitute } from "../../../sdk/cli/declared/refs";
import { Source } from "../../../sdk/cli/declared/source";
import { madeByFile, urnOf } from "../../../sdk/cli/declared/types";
import { stepsOf } from "../../../sdk/cli/stack/in-file";
import { claimKind } from "./kinds";
import { declaration } from "./support";

const parse = (text: string) => parseDeclared({ text, file: "cell.yaml" });

function failure(work: () => unknown): AcrnError {
  try {
    work();
  } catch (error) {
    if (error instanceof AcrnError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

const GOOD = `{"name":"cell-7","resources":[{"type":"CorePartition","name":"cores","args":{"vms":{"POST_RT_VM1":[2,3]}}}]}`;

describe("sdk/cli/declared", () => {
  const same: [string, string][] = [
    ["JSON in one line", GOOD],
    ["JSON with tabs", JSON.stringify(JSON.parse(GOOD), null, "\t")],
    ["JSON with a BOM and CRLF", `\ufeff${JSON.stringify(JSON.parse(GOOD), null, 2).replaceAll("\n", "\r\n")}`],
    ["YAML", "name: cell-7\nresources:\n- type: CorePartition\n  name: cores\n  args: {vms: {POST_RT_VM1: [2, 3]}}\n"],
    [
      "YAML with an anchor",
      "name: cell-7\nresources:\n- {type: CorePartition, name: cores, args: {vms: {POST_RT_VM1: [2, 3]}}}\n",
    ],
  ];
  for (const [name, text] of same)
    it(`reads ${name}`, () => {
      const { name: stack, resources } = parse(text);
      assert.equal(stack, "cell-7");
      assert.deepEqual(resources, [
        { type: "CorePartition", name: "cores", args: { vms: { POST_RT_VM1: [2, 3] } }, index: 0 },
      ]);
    });

  const part = (args: string, name = "cores", type = "CorePartition") =>
    `  - type: ${type}\n    name: ${name}\n    args: ${args}\n`;
  const file = (...parts: string[]) => `name: cell-7\nresources:\n${parts.join("")}`;
  /** Text, line, column, what the message has to say. */
  const wrong: [string, string, number, number, RegExp][] = [
    ["no YAML", "name: [1,\n", 2, 1, /./],
    ["a key twice", "name: a\nname: b\n", 2, 1, /unique/],
    ["two documents", "--- a\n--- b\n", 2, 1, /a second document starts here/],
    ["an unknown tag", "name: !!js/function x\n", 1, 7, /Unresolved tag/],
    ["no map", "[1]\n", 1, 1, /must be a mapping/],
    ["no resources", "name: cell-7\n", 1, 1, /^.*resources: is missing\n/],
    ["an unknown key", `${file(part("{vms: {A: [1]}}"))}resource: []\n`, 6, 1, /there is no "resource" here/],
    ["a name with a slash", "name: org/project/stack\nresources: []\n", 1, 7, /letters, digits/],
    ["a number for a name", "name: 7\nresources: []\n", 1, 7, /name: must be a string\n[\s\S]*pulumi-acrn help plan/],
    [
      "an unknown type",
      file(part("{}", "cores", "CorePartitions")),
      3,
      11,
      /no resource type "CorePartitions": known are .*CorePartition/,
    ],
    ["an AcrnHost", file(part("{}", "cores", "AcrnHost")), 3, 11, /TARGET is the host/],
    ["a type of Object.prototype", file(part("{}", "cores", "constructor")), 3, 11, /no resource type "constructor"/],
    ["a host in args", file(part("{vms: {A: [1]}, host: x}")), 5, 27, /there is no "host" here: TARGET is the host/],
    ["an unknown argument", file(part("{vms: {A: [1]}, neighbors: evict}")), 5, 27, /there is no "neighbors" here$/m],
    ["a wrong list", file(part("{vms: {A: [1], B: [two]}}")), 5, 29, /args\.vms\.B: give a list of pCPU ids/],
    ["a VM with a strange name", file(part(`{vms: {"#2": 7}}`)), 5, 24, /args\.vms\["#2"\]: give a list/],
    ["a missing argument", file(part("{neighbours: evict}")), 5, 11, /args\.vms: is missing\n/],
    [
      "two of one name",
      file(part("{vms: {A: [1]}}"), part("{vms: {A: [1]}}")),
      7,
      11,
      /the name cores is that of resources\[0\] already/,
    ],
    [
      "two CorePartitions",
      file(part("{vms: {A: [1]}}"), part("{vms: {B: [2]}}", "more")),
      6,
      5,
      /two CorePartition for one machine: cores and more/,
    ],
    [
      "an unknown reference",
      file(part("{vms: {ref: coers}}")),
      5,
      17,
      /refers to "coers", which is no resource of this file \(it has cores\)/,
    ],
    // Near the end of the stack V8 aborts the process, so no reader may come there.
    ["brackets without end", "[".repeat(60_000), 1, 65, /nested more than 64 levels deep/],
    ["lists in a row without end", "- ".repeat(30_000), 1, 1, /nested more than 64 levels deep/],
    ["keys without end", "key: 1\n".repeat(10_000), 9363, 3, /more than 64 Ki characters/],
    ["a reference to itself", file(part("{vms: {ref: cores}}")), 5, 11, /refers to itself: cores -> cores/],
  ];
  for (const [name, text, line, column, words] of wrong)
    it(`refuses ${name}, at ${line}:${column}`, () => {
      const error = failure(() => parse(text));
      assert.match(error.message, words);
      assert.deepEqual([error.where?.file, error.where?.line, error.where?.column], ["cell.yaml", line, column]);
    });

  it("tells everything that is wrong at once, each with its place", () => {
    const error = failure(() => parse(file(part("{vms: {A: []}, x: 1}"))));
    assert.match(error.message, /^cell\.yaml:5:21: resources\[0\]\.args\.vms\.A: /);
    assert.match(error.message, /^also cell\.yaml:5:26: .*there is no "x" here$/m);
  });

  it("refuses a bomb of aliases and a tower of brackets as errors of the file", () => {
    const bomb = [
      "a: &a0 [x]",
      ...Array.from({ length: 9 }, (_, i) => `b${i}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
    ].join("\n");
    assert.equal(failure(() => parse(bomb)).code, "declared.syntax");
    assert.equal(failure(() => parse("[".repeat(200_000))).code, "declared.syntax");
  });

  it("reads a file, and stdin for -", async () => {
    const path = declaration(GOOD);
    assert.equal((await readDeclared(path, Readable.from([]))).text, GOOD);
    const cut = [Buffer.from(GOOD.slice(0, 20)), Buffer.from(GOOD.slice(20))];
    assert.deepEqual(await readDeclared("-", Readable.from(cut)), { text: GOOD, file: "(stdin)" });
  });

  const unreadable: [string, () => Promise<unknown>, string][] = [
    ["a missing file", () => readDeclared("/no/such/file", Readable.from([])), "declared.missing"],
    ["a folder", () => readDeclared("/", Readable.from([])), "declared.missing"],
    ["a large file", () => readDeclared(declaration("x".repeat(1_100_000)), Readable.from([])), "declared.size"],
    ["a large stdin", () => readDeclared("-", Readable.from([Buffer.alloc(2_000_000)])), "declared.size"],
    ["Latin-1", () => readDeclared("-", Readable.from([Buffer.from([0x6e, 0xe4])])), "text.utf8"],
  ];
  for (const [name, work, code] of unreadable)
    it(`refuses ${name}`, () => assert.rejects(work, (error: AcrnError) => error.code === code));

  it("keeps the URNs of files apart from those of engines and of other files", () => {
    const urn = urnOf("cell-7", "CorePartition", "cores");
    assert.equal(urn, "pulumi-acrn::cell-7::CorePartition::cores");
    assert.ok(madeByFile("cell-7", urn));
    assert.ok(!madeByFile("cell", urn));
    assert.ok(!madeByFile("cell-7", "urn:pulumi:cell-7::p::pulumi-nodejs:dynamic/acrn:CorePartition::cores"));
  });
});

describe("sdk/cli/declared/refs", () => {
  const kinds = (type: string) => (type === "Claim" ? claimKind : undefined);
  const declared = (refs: Record<string, string[]>) => {
    const resources = Object.entries(refs).map(([name, to]) => ({
      type: "Claim",
      name,
      args: { of: to.map((ref) => ({ ref })) },
    }));
    return parseDeclared({ text: JSON.stringify({ name: "s", resources }), file: "f" }, kinds);
  };

  const orders: [Record<string, string[]>, string][] = [
    [{ a: [], b: [], c: [] }, "a b c"],
    [{ a: ["c"], b: [], c: [] }, "c a b"],
    [{ a: ["b", "c"], b: ["c"], c: [] }, "c b a"],
    [{ a: ["d"], b: ["a"], c: ["a", "b"], d: [] }, "d a b c"],
  ];
  for (const [refs, order] of orders)
    it(`plans ${JSON.stringify(refs)} as ${order}`, () =>
      assert.equal(
        inOrder(declared(refs))
          .map((r) => r.name)
          .join(" "),
        order,
      ));

  it("names a circle with all who are in it", () => {
    const error = failure(() => declared({ a: ["b"], b: ["c"], c: ["b"] }));
    assert.match(error.message, /resources\[1\]\.args: refers to itself: b -> c -> b/);
  });

  it("puts in what is referred to, at any depth, and leaves what only looks like it", () => {
    const handedOver = new Map([["cores", { pcpus: { A: [1] } }]]);
    const args = { x: { ref: "cores" }, list: [{ y: { ref: "cores" } }], ref: 1, more: { ref: "cores", other: 1 } };
    const out = { pcpus: { A: [1] } };
    assert.deepEqual(substitute(args, handedOver), {
      x: out,
      list: [{ y: out }],
      ref: 1,
      more: { ref: "cores", other: 1 },
    });
  });
});

describe("sdk/cli/stack/in-file", () => {
  const properties: [string, string[]][] = [
    ["vms", ["vms"]],
    ["vms.POST_RT_VM1", ["vms", "POST_RT_VM1"]],
    ['vms["#2"]', ["vms", "#2"]],
    ['vms["a.b [c] \\"d\\""]', ["vms", 'a.b [c] "d"']],
    ["sharing.smt", ["sharing", "smt"]],
    ["", []],
  ];
  for (const [property, steps] of properties)
    it(`takes ${property} apart`, () => assert.deepEqual(stepsOf(property), steps));
});

describe("sdk/cli/declared/source", () => {
  it("gives the nearest part for what is not there", () => {
    const source = new Source("a:\n  b: [1, 2]\n", "f");
    const at = (...path: (string | number)[]) => [source.place(path).line, source.place(path).column];
    assert.deepEqual(at("a", "b", 1), [2, 10]);
    assert.deepEqual(at("a", "b", 9), [2, 6]);
    assert.deepEqual(at("a", "x"), [2, 3]);
    assert.deepEqual(at("x"), [1, 1]);
  });
});
