import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Whatever is sent: what a provider process may hold for one machine, with Node and the compiler of this test in it (about 150), and garbage that is not collected yet. */
const MEGABYTES = 600;

const floods: [name: string, end: string][] = [
  ["a bomb in the body", "frame.bad"],
  ["plain frames", "frame.size"],
  ["lines of one letter", "frame.size"],
  ["empty lines", "frame.size"],
  ["a million paths", "frame.size"],
  ["stderr", "host.silent"],
];

interface End {
  name: string;
  end: string;
  megabytes: number;
}

describe("a gigabyte", function () {
  this.timeout(120_000);
  let ends: End[];
  before(async () => {
    const child = join(__dirname, "support/flood-child.ts");
    const { stdout } = await promisify(execFile)(process.execPath, ["-r", "ts-node/register/transpile-only", child]);
    ends = stdout
      .trimEnd()
      .split("\n")
      .map((line): End => JSON.parse(line));
  });

  for (const [name, end] of floods)
    it(`${name}: ${end}, in less than ${MEGABYTES} MB`, () => {
      const said = ends.find((row) => row.name === name);
      assert.equal(said?.end, end);
      assert.ok(said.megabytes < MEGABYTES, `${said.megabytes} MB`);
    });

  it("no flood was left out", () =>
    assert.deepEqual(
      ends.map(({ name }) => name),
      floods.map(([name]) => name),
    ));
});
