import assert from "node:assert/strict";
import { buildScenario } from "../../../../examples/lab/builder";
import {
  mebibytes,
  memoryRules,
  memoryWarnings,
  showMebibytes,
  sumWarnings,
} from "../../../../provider/core/acrn/rt-vm/memory";
import { memoryByVm } from "../../../../provider/core/acrn/scenario/memory-text";

describe("memory: sizes as acrn-dm takes them (reference 6.2)", () => {
  const ROWS: [text: string, mib: number | undefined][] = [
    ["2G", 2048],
    ["2g", 2048],
    ["512M", 512],
    ["512m", 512],
    ["2048K", 2],
    ["1k", 1 / 1024],
    ["1024", undefined],
    ["1024b", undefined],
    ["1.5G", undefined],
    ["-1G", undefined],
    ["1G ", undefined],
    ["", undefined],
    ["G", undefined],
    ["1234567890M", undefined],
  ];
  for (const [text, mib] of ROWS) it(JSON.stringify(text), () => assert.equal(mebibytes(text), mib));

  it("what is written reads back", () => {
    for (const mib of [128, 1024, 2050]) assert.equal(mebibytes(showMebibytes(mib)), mib);
  });
});

describe("rules: memory that no launch can have", () => {
  const ROWS: [what: string, no: number, yes: number, board: number | undefined, message: RegExp, hint: RegExp][] = [
    ["too little", 126, 128, undefined, /126 MiB are too little/, /128M/],
    ["none", 0, 128, undefined, /too little/, /128M/],
    ["half a page", 129, 130, undefined, /not whole 2 MiB pages/, /even number/],
    ["a fraction of a MiB", 128.5, 130, undefined, /not whole/, /even number/],
    ["more than the board has", 4098, 4096, 4096, /more than the whole board has \(4096 MiB\)/, /Give less/],
  ];
  for (const [what, no, yes, board, message, hint] of ROWS)
    it(what, () => {
      const [found, ...more] = memoryRules("RT", no, board);
      assert.deepEqual([found?.code, found?.property, more], ["rtvm.memory", "memory", []]);
      assert.match(found?.message ?? "", message);
      assert.match(found?.hint ?? "", hint);
      assert.deepEqual(memoryRules("RT", yes, board), []);
    });

  it("a board that does not tell its memory refuses no size", () =>
    assert.deepEqual(memoryRules("RT", 1 << 30, undefined), []));

  it("2M pages instead of 1G pages: a warning", () => {
    assert.deepEqual(memoryWarnings("RT", 2048), []);
    assert.match(memoryWarnings("RT", 1536).join(), /RT: 1536 MiB are no whole GiB/);
  });
});

describe("memory of all VMs together, as ACRN's validator adds it up", () => {
  const build = (dialect: "2.x" | "3.x") =>
    buildScenario({
      name: "s",
      board: "b",
      dialect,
      vms: [
        { kind: "pre", name: "PRE", cpus: [1], memoryMb: 512 },
        { kind: "service", name: "SVC", cpus: [0] },
        { kind: "post-rt", name: "RT", cpus: [2], memoryMb: 2048 },
      ],
    });
  // the builder gives a pre-launched VM a region of its size, too
  const bare = build("3.x").replace(/<hpa_region>[\s\S]*?<\/hpa_region>/, "");
  const ROWS: [what: string, text: string, instead: Record<string, number | undefined>, expected: string][] = [
    ["without the Service VM", bare, {}, "PRE 512 RT 2048"],
    ["with what is declared", bare, { RT: 4096, PRE: undefined }, "PRE 512 RT 4096"],
    ["with fixed regions", build("3.x"), {}, "PRE 1024 RT 2048"],
    ["a size that is left out", bare.replace("<size>512</size>", ""), {}, "PRE 1024 RT 2048"],
    ["2.x: no such check", build("2.x"), {}, ""],
  ];
  for (const [what, text, instead, expected] of ROWS)
    it(what, () => assert.equal([...memoryByVm(text, "s.xml", instead)].flat().join(" "), expected));

  it("warned of from where nothing is left", () => {
    const all = new Map([
      ["PRE", 512],
      ["RT", 2048],
    ]);
    assert.match(sumWarnings(all, 2560).join(), /2560 MiB together \(PRE 512, RT 2048\), and the board has 2560 MiB/);
    assert.deepEqual([sumWarnings(all, 2561), sumWarnings(all, undefined)], [[], []]);
  });
});
