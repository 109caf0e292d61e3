import assert from "node:assert";
import { join } from "node:path";
import { which } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi-cli";
import { needs } from "../support/needs";
import { run } from "../support/run-program";

const MAIN = join(__dirname, "..", "bench", "main.ts");
const LOADER = ["-r", "ts-node/register/transpile-only"];

/** What a quick run has a figure for, by its measure's letter. */
const ROWS: readonly [letter: string, what: RegExp][] = [
  ["a", /read and plan of one host, in process; the lab/],
  ["b", /preview of 1 host, five resources each/],
  ["c", /CPU time of planning a CorePartition, five VMs move/],
  ["d", /bytes sent for a no-op/],
  ["d", /bytes received for a no-op/],
  ["e", /bytes of state, HostFacts/],
  ["g", /CPU time of planning a CacheClos/],
  ["floor", /`pulumi preview` of an empty program/],
];

/** How fast it is, is no test's business; that the bench still measures, is. */
describe("bench: a quick run", function () {
  this.timeout(300_000);

  it("has a figure and a baseline for every measure, and says what it leaves out", async function () {
    needs(this, findPulumi(), "no Pulumi CLI");
    needs(this, which("ssh"), "no ssh client");
    const { stdout } = await run(process.execPath, [...LOADER, MAIN, "--quick"]);
    const cells = stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    for (const [letter, what] of ROWS) {
      const row = cells.find(([, measure, text]) => measure === letter && what.test(text ?? ""));
      assert.ok(row, `no row (${letter}) ${what} in\n${stdout}`);
      const [, , , figure, baseline, ratio] = row;
      for (const cell of [figure, baseline, ratio]) assert.match(cell ?? "", /^[\d.]+/);
    }
    assert.match(stdout, /\(b\) Ansible and pyinfra: not measured, it takes too long for a quick run/);
  });
});
