import assert from "node:assert";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { changesOf, EngineStack, previewOf } from "../support/engine-stack";

const cores = (name: string, host: string) =>
  `new CorePartition("${name}", { host: ${host}, vms: { POST_RT_VM1: [5, 6] } });`;
const moving = (where: string) =>
  `const host = new AcrnHost("host", { connection: at.${where} });\n${cores("cores", "host")}`;

describe("engine: what a machine is", function () {
  const lab = withLab(this, [
    { name: "cell" },
    { name: "alias", sameAs: "cell" },
    { name: "original" },
    { name: "clone", machine: "original" },
    { name: "board" },
  ]);

  describe("a machine at another address", () => {
    let stack: EngineStack;
    let untouched: Tree;
    before(async () => {
      untouched = lab().tree("cell");
      stack = await EngineStack.create(lab(), "moved");
      stack.program(moving("cell"));
      await stack.ok("up");
    });

    it("is an update of the state: nothing is replaced, and no file is written", async () => {
      stack.program(moving("alias"));
      const before = fileHistory("cell");
      const preview = previewOf(await stack.ok("preview", "--json"));
      assert.deepStrictEqual(changesOf(preview), ["cores: update", "host: update"]);
      await stack.ok("up");
      assert.deepStrictEqual(fileHistory("cell"), before);
      await stack.ok("preview", "--expect-no-changes");
    });

    it("and the old address is not dialled any more: destroy works without it", async () => {
      await lab().lab.host("cell").down();
      await stack.ok("destroy");
      await lab().lab.host("cell").up();
      assert.deepStrictEqual(lab().changes("cell", untouched), []);
    });
  });

  /** Inode and time of all files; the folder of ours has another time after the lock was held in it. */
  function fileHistory(name: string): [string, bigint, bigint][] {
    const files = [...lab().tree(name)].filter(([, { type }]) => type === "file");
    return files.map(([path, { ino, mtimeNs }]) => [path, ino, mtimeNs]);
  }

  describe("two addresses of one machine in one program", () => {
    const both = `const one = new AcrnHost("one", { connection: at.cell });
const two = new AcrnHost("two", { connection: at.alias });`;

    it("two AcrnHosts meet: both claim, one CorePartition writes, and destroy gives back", async () => {
      const untouched = lab().tree("cell");
      const stack = await EngineStack.create(lab(), "meet");
      stack.program(`${both}\n${cores("cores", "two")}`);
      await stack.ok("up");
      assert.deepStrictEqual(lab().owners("cell"), ["meet cores", "meet one", "meet two"]);
      await stack.ok("preview", "--expect-no-changes");
      await stack.ok("destroy");
      assert.deepStrictEqual(lab().changes("cell", untouched), []);
    });

    it("two CorePartitions are refused, both by name", async () => {
      const untouched = lab().tree("cell");
      const stack = await EngineStack.create(lab(), "twice");
      stack.program(`${both}\n${cores("first", "one")}\n${cores("second", "two")}`);
      const run = await stack.fails("preview");
      assert.match(run.text, /two CorePartition for one machine: (first and second|second and first)/);
      assert.match(run.text, /put both maps into one/);
      assert.deepStrictEqual(lab().changes("cell", untouched, true), []);
    });
  });

  it("two RtVms on one launch script are refused, on the property and with the other's name", async () => {
    const untouched = lab().tree("cell");
    const stack = await EngineStack.create(lab(), "scripts");
    const rt = (name: string, vm: string) =>
      `new RtVm("${name}", { host, name: "${vm}", partition: { pcpus: { ${vm}: [3] } }, script: { owned: "/root/acrn-work/rt.sh" } });`;
    stack.program(
      `const host = new AcrnHost("host", { connection: at.cell });\n${rt("first", "POST_RT_VM1")}\n${rt("second", "NEW")}`,
    );
    const run = await stack.fails("preview");
    assert.match(run.text, /script\.owned/);
    assert.match(run.text, /\/root\/acrn-work\/rt\.sh is (first|second)'s already, which this run declares too/);
    assert.deepStrictEqual(lab().changes("cell", untouched, true), []);
  });

  it("a cloned disk is an error with both addresses and the mend", async () => {
    const stack = await EngineStack.create(lab(), "cloned");
    stack.program(`const one = new AcrnHost("one", { connection: at.original });
const two = new AcrnHost("two", { connection: at.clone });
${cores("first", "one")}\n${cores("second", "two")}`);
    const run = await stack.fails("preview");
    for (const name of ["original", "clone"])
      assert.ok(run.text.includes(`127.0.0.1:${lab().lab.host(name).port}`), run.text);
    assert.match(run.text, /systemd-machine-id-setup/);
  });

  describe("a machine that was installed anew at the same address", () => {
    let stack: EngineStack;
    let anew: Tree;
    before(async () => {
      stack = await EngineStack.create(lab(), "reinstalled");
      stack.program(`const host = new AcrnHost("host", { connection: at.board });\n${cores("cores", "host")}`);
      await stack.ok("up");
      lab().reinstall("board", "another");
      anew = lab().tree("board");
    });

    it("is replaced; the delete of the old one warns and changes nothing", async () => {
      const preview = previewOf(await stack.ok("preview", "--json"));
      assert.ok(changesOf(preview).includes("cores: replace"), JSON.stringify(changesOf(preview)));
      const run = await stack.ok("up");
      assert.match(run.text, /warning: another machine answers at/);
      assert.deepStrictEqual(lab().pcpus("board", "POST_RT_VM1"), [5, 6]);
      await stack.ok("preview", "--expect-no-changes");
    });

    it("a destroy gives the new one's bytes back", async () => {
      await stack.ok("destroy");
      assert.deepStrictEqual(lab().changes("board", anew), []);
    });

    it("a destroy with a state of the old one alone changes nothing, warns and succeeds", async () => {
      await stack.ok("up");
      lab().reinstall("board", "a third");
      const third = lab().tree("board");
      const run = await stack.ok("destroy");
      assert.match(run.text, /nothing is changed on it/);
      assert.deepStrictEqual(lab().changes("board", third, true), []);
      assert.ok(!lab().has("board", SOURCE));
    });
  });
});
