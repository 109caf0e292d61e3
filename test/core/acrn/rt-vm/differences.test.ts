import assert from "node:assert/strict";
import fc from "fast-check";
import { launchArguments } from "../../../../provider/core/acrn/launch-script/arguments";
import { differences } from "../../../../provider/core/acrn/rt-vm/differences";

const between = (script: string, running: string) => differences(launchArguments(script, "/x.sh"), running.split(" "));

describe("a running acrn-dm against its script", () => {
  const ROWS: [what: string, script: string, running: string, expected: string[]][] = [
    ["the same", "acrn-dm -m 1G --rtvm -s 3,virtio-blk,/a RT", "acrn-dm -m 1G --rtvm -s 3,virtio-blk,/a RT", []],
    ["in another order and spelling", "acrn-dm -m 1G --rtvm RT", "/usr/bin/acrn-dm --rtvm --memsize 1G RT", []],
    ["another value", "acrn-dm -m 2G RT", "acrn-dm -m 1G RT", ["-m 1G"]],
    [
      "a device at that slot is another",
      "acrn-dm -s 3,virtio-blk,/a RT",
      "acrn-dm -s 3,virtio-blk,/b RT",
      ["-s 3 virtio-blk,/b"],
    ],
    ["not given", "acrn-dm -m 1G --rtvm RT", "acrn-dm -m 1G RT", ["no --rtvm"]],
    [
      "given, and no longer in the script",
      "acrn-dm -m 1G RT",
      "acrn-dm -m 1G --virtio_poll 500 RT",
      ["--virtio_poll 500"],
    ],
    ["a flag that is no longer in the script", "acrn-dm -m 1G RT", "acrn-dm -m 1G --debugexit RT", ["--debugexit"]],
    ["an option that is there twice", "acrn-dm -l com1,stdio -l com2,/b RT", "acrn-dm -l com1,stdio -l com2,/b RT", []],
    [
      "twice, and one differs",
      "acrn-dm -l com1,stdio -l com2,/b RT",
      "acrn-dm -l com1,stdio -l com2,/c RT",
      ["-l com1,stdio", "-l com2,/c"],
    ],
    ["what the script computes is left out", "acrn-dm -m $(free) --rtvm RT", "acrn-dm -m 1G --rtvm RT", []],
    [
      "a script that cannot be told to its end may still give it",
      "acrn-dm -m 1G $MORE RT",
      "acrn-dm -m 1G --rtvm RT",
      [],
    ],
    ["a variable that is told", "m=1G\nacrn-dm -m $m RT", "acrn-dm -m 2G RT", ["-m 2G"]],
  ];
  for (const [what, script, running, expected] of ROWS)
    it(what, () => assert.deepEqual(between(`${script}\n`, running), expected));

  it("words with anything in them are compared as words", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        fc.pre(!text.includes("\0"));
        const quoted = text.replaceAll("'", `'\\''`);
        const script = launchArguments(`acrn-dm -k /k -B '${quoted}' RT\n`, "/x.sh");
        assert.deepEqual(differences(script, ["acrn-dm", "-k", "/k", "-B", text, "RT"]), []);
        assert.deepEqual(differences(script, ["acrn-dm", "-k", "/k", "-B", `${text}!`, "RT"]), [`-B ${text}!`]);
      }),
    );
  });
});
