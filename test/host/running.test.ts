import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { folderTarget } from "../../provider/host/folder";
import { notTaken, setRunning } from "../../provider/host/running";
import { liar, START } from "./support/liar";

const FOLDER = "/sys/bus/pci/devices/0000:00:02.0/drm/card0";
const MAX = `${FOLDER}/gt_max_freq_mhz`;
const MIN = `${FOLDER}/gt_min_freq_mhz`;

async function set(...[target, values]: Parameters<typeof setRunning>): Promise<void> {
  const { untaken, words } = await setRunning(target, values);
  if (untaken.length > 0) throw notTaken(target.transport.label, untaken, words);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  return error instanceof AcrnError ? `${error.code} ${error.message}` : String(error);
}

describe("host: values of the running kernel", () => {
  let dir: string;
  const at = (path: string) => join(dir, path);
  const put = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));
    put(MAX, "1300\n");
    put(MIN, "300\n");
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("are set in their order, the last of each path is what stays, and nothing else is touched", async () => {
    await set(folderTarget(dir), [
      { path: MIN, value: 350 },
      { path: MAX, value: 600 },
      { path: MIN, value: 400 },
    ]);
    assert.equal(readFileSync(at(MAX), "utf8"), "600\n");
    assert.equal(readFileSync(at(MIN), "utf8"), "400\n");
  });

  it("again changes nothing", async () => {
    for (const _time of [1, 2]) await set(folderTarget(dir), [{ path: MAX, value: 600 }]);
    assert.equal(readFileSync(at(MAX), "utf8"), "600\n");
  });

  it("of a file that is not there: it is not made, the others are set, and it is said", async () => {
    const gone = `${FOLDER}/gt_boost_freq_mhz`;
    const said = await codeOf(
      set(folderTarget(dir), [
        { path: gone, value: 600 },
        { path: MAX, value: 600 },
      ]),
    );
    assert.match(said, /^running\.refused .*gt_boost_freq_mhz is not there, not 600\n.*gt_boost_freq_mhz is not there/);
    assert.equal(readFileSync(at(MAX), "utf8"), "600\n");
    assert.throws(() => readFileSync(at(gone)));
  });

  it("nothing outside /sys and /proc/sys is written, whatever asks", async () => {
    put("/etc/x", "1\n");
    for (const path of ["/etc/x", "/sys/../etc/x"])
      assert.match(await codeOf(set(folderTarget(dir), [{ path, value: 2 }])), /^running\.refused/);
    assert.equal(readFileSync(at("/etc/x"), "utf8"), "1\n");
  });

  it("texts of several words: as they are told, and compared but for their white space", async () => {
    const printk = "/proc/sys/kernel/printk";
    put(printk, "7\t4\t1\t7\n");
    for (const value of [
      "3 1 1 7",
      "3\t1\t1\t7",
      " 7  4 1\t7 ",
      "|/usr/bin/x -p %p $(touch x) `y` 'z' \\ * ;&",
      "",
      "go",
    ]) {
      await set(folderTarget(dir), [{ path: printk, value }]);
      assert.equal(readFileSync(at(printk), "utf8"), `${value}\n`);
    }
    const tabs = `${START}v ${printk} 3\t1\t1\t7\nend set\n`;
    assert.equal(await codeOf(set(liar({ stdout: [tabs] }), [{ path: printk, value: "3 1 1 7" }])), "undefined");
    assert.match(await codeOf(set(liar({ stdout: [tabs] }), [{ path: printk, value: "31 1 7" }])), /^running\.refused/);
  });

  it("nothing that is more than a line of printable text", async () => {
    const core = "/proc/sys/kernel/core_pattern";
    put(core, "core\n");
    for (const value of ["a\nb", `a\n${MAX} 1`, "a\rb", "a\u0007", "a\u0000", "ä", "\u0085"])
      assert.match(await codeOf(set(folderTarget(dir), [{ path: core, value }])), /^running\.refused/, value);
    assert.deepEqual([readFileSync(at(core), "utf8"), readFileSync(at(MAX), "utf8")], ["core\n", "1300\n"]);
  });

  const answers: [what: string, said: string, code: RegExp | undefined][] = [
    ["what it was told", `v ${MAX} 600\nend set\n`, undefined],
    ["a write that had to fail, and came right", `e ${MAX} Invalid argument\nv ${MAX} 600\nend set\n`, undefined],
    [
      "another value",
      `e ${MAX} Invalid argument\nv ${MAX} 300\nend set\n`,
      /^running\.refused .* is 300, not 600\n.*Invalid argument/,
    ],
    ["nothing", "end set\n", /^running\.refused .* is not there, not 600/],
    ["what our script never says", "hello\nend set\n", /^frame\.bad/],
    ["no end", `v ${MAX} 600\n`.repeat(2000), /^frame\.bad .*more than 1000 lines/],
  ];
  for (const [what, said, code] of answers)
    it(`a machine that answers ${what}`, async () => {
      const target = liar({ stdout: [`${START}${said}`] });
      const result = await codeOf(set(target, [{ path: MAX, value: 600 }]));
      if (code) assert.match(result, code);
      else assert.equal(result, "undefined");
    });
});
