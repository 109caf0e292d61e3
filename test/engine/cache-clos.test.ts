import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import type { Tree } from "../../examples/lab/tree";
import { type EngineLab, SOURCE, withLab } from "../support/engine-lab";
import { changesOf, EngineStack, previewOf } from "../support/engine-stack";

const program = ({ ways = "4", more = "", vms = "POST_RT_VM1: [3]", rt = "", passed = "" } = {}) => `
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${vms} } });
${rt}
const clos = new CacheClos("clos", { host, partition: cores, ${passed}
  classes: { rt: { vms: { POST_RT_VM1: "all" }, l3: ${ways} }, ${more} } });
exports.masks = clos.masks;
exports.picture = clos.picture;`;

const NEW = {
  vms: "POST_RT_VM1: [3], NEW_RT: [5]",
  rt: 'const rt = new RtVm("rt", { host, name: "NEW_RT", partition: cores, memory: "512M" });',
  passed: "rtVms: [rt],",
  more: 'two: { vms: { NEW_RT: "all" }, l3: "1M" }',
};

describe("engine: cache classes of a host", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      vms: [
        { kind: "service", cpus: [0, 1] },
        { kind: "post-rt", name: "POST_RT_VM1", cpus: [3] },
        { kind: "post", name: "POST_STD_VM1", cpus: [1, 2] },
      ],
    },
  ]);
  let stack: EngineStack;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "clos");
    stack.program(program());
    untouched = lab().tree("cell");
  });

  it("a preview knows masks and picture, and writes nothing", async () => {
    const preview = previewOf(await stack.ok("preview", "--json"));
    assert.deepEqual(changesOf(preview), ["cell: create", "clos: create", "cores: create", "engine-clos: create"]);
    const inputs = preview.steps.find(({ urn }) => urn.endsWith("::clos"))?.newState?.inputs ?? {};
    assert.deepEqual((inputs.masks as Record<string, unknown>).rt, { "L3 0x0": "0xf00" });
    assert.match(String(inputs.picture), /rt {4}####\.{8}/);
    assert.deepEqual(lab().changes("cell", untouched, true), []);
  });

  it("up writes the classes; nothing is left to do", async () => {
    await stack.ok("up");
    assert.equal(maskOf(lab(), "POST_RT_VM1"), "0xf00");
    assert.equal(maskOf(lab(), "POST_STD_VM1"), "0xff");
    await stack.ok("preview", "--expect-no-changes");
  });

  it("a new VM with a class of its own, in one program: the other class stays, and grows in the next", async () => {
    stack.program(program(NEW));
    await stack.ok("up");
    assert.deepEqual(
      ["POST_RT_VM1", "NEW_RT", "POST_STD_VM1"].map((vm) => maskOf(lab(), vm)),
      ["0xf00", "0x80", "0x7f"],
    );
    stack.program(program({ ...NEW, ways: "3" }));
    await stack.ok("up");
    assert.deepEqual(
      ["POST_RT_VM1", "NEW_RT", "POST_STD_VM1"].map((vm) => maskOf(lab(), vm)),
      ["0xe00", "0x80", "0x7f"],
    );
  });

  it("a mask that somebody changed by hand is drift, and up brings it back", async () => {
    const file = lab().path("cell", SOURCE);
    writeFileSync(file, readFileSync(file, "utf8").replace("<CLOS_MASK>0xe00<", "<CLOS_MASK>0x700<"));
    const run = await stack.run(["refresh", "--preview-only", "--expect-no-changes"]);
    assert.notEqual(run.status, 0, run.text);
    await stack.ok("up", "--refresh");
    assert.equal(maskOf(lab(), "POST_RT_VM1"), "0xe00");
  });

  it("the new VM and its class go in one up, after which nothing is left to do", async () => {
    stack.program(program({ ways: "3" }));
    const { text } = await stack.ok("up");
    assert.match(text, /NEW_RT is in no class, and only an RtVm has it in the scenario: taken to leave/);
    assert.equal(maskOf(lab(), "POST_RT_VM1"), "0xe00");
    assert.doesNotMatch(lab().read("cell", SOURCE), /NEW_RT/);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("destroy gives every byte back", async () => {
    await stack.ok("destroy");
    assert.deepEqual(lab().changes("cell", untouched), []);
  });
});

/** Of its vCPU 0 on the L3; read without the product's code. */
function maskOf(lab: EngineLab, vm: string): string | undefined {
  const of = new RegExp(`<VM>${vm}</VM>\\s*<VCPU>0</VCPU>\\s*<TYPE>Unified</TYPE>\\s*<CLOS_MASK>(\\w+)<`);
  return of.exec(lab.read("cell", SOURCE))?.[1];
}
