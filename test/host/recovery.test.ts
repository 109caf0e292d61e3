import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { folderTarget } from "../../provider/host/folder";
import { transactScript } from "../../provider/host/scripts/main";
import { transact } from "../../provider/host/transaction";
import { needs } from "../support/needs";
import { change, listing, NOTHING, shells, tree } from "./helpers";
import { abandon, killAt } from "./support/abandoned";

const OWNER = { owner: "tests" };
const LEDGER = "/var/lib/pulumi-acrn/ledger.json";
const START = { "etc/a": "a", "etc/b @600": "b", "etc/gone": "x", "var/lib/y": "" };
const CHANGES = [
  change("/etc/a", "a", "A"),
  change("/etc/b", "b", "B"),
  change("/opt/new/c", null, "C"),
  change("/etc/gone", "x", null),
  change(LEDGER, null, "{}"),
];
const REQUEST = { ...NOTHING, files: ["/etc/a", "/etc/b", "/opt/new/c", "/etc/gone"] };
const END = {
  "etc/a": "A",
  "etc/b @600": "B",
  "opt/new/c": "C",
  "var/lib/y": "",
  "var/lib/pulumi-acrn/ledger.json": "{}",
  "var/lib/pulumi-acrn/dirs": "/opt\n/opt/new\n",
};

/** Journal steps at which the runner is killed, and whether the transaction is finished or undone afterwards. */
const STEPS: [step: string, finished: boolean][] = [
  ["begin", false],
  ["unpack", false],
  ["check", false],
  ["save", false],
  ["put_new", false],
  ["commit", true],
  ["swapped 1", true],
  ["swapped 3", true],
  ["swapped 5", true],
  ["done", true],
];

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`recovery under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    for (const [who, whom] of [
      ["runner", "$$"],
      ["runner and its starter", "$w $$"],
    ] as const)
      for (const [step, finished] of STEPS)
        it(`${who} killed at ${step}: ${finished ? "finished" : "undone"}`, async () => {
          const root = tree(START);
          const script = transactScript(killAt(step, whom));
          const run = transact(folderTarget(root, shell), REQUEST, () => CHANGES, OWNER, { script });
          if (finished) await run;
          else
            await assert.rejects(
              run,
              (error) =>
                error instanceof AcrnError && error.code === "tx.failed" && /nothing was changed/.test(error.message),
            );
          assert.deepEqual(listing(root), listing(tree(finished ? END : START)));
        });
  });

describe("recovery by somebody else", function () {
  this.timeout(60_000);

  const abandoned = (step: string) =>
    abandon(tree(START), { request: REQUEST, changes: CHANGES, script: transactScript(killAt(step)) });

  for (const [step, finished] of STEPS.filter(([step]) => step !== "done"))
    it(`at ${step}: the next reader is told, the next holder ${finished ? "finishes" : "undoes"} it first`, async () => {
      const root = await abandoned(step);
      assert.ok(existsSync(join(root, "var/lib/pulumi-acrn/journal")));
      const target = folderTarget(root);
      const { before, changed } = await transact(target, REQUEST, () => [], OWNER);
      assert.equal(changed, false);
      assert.match(before.warnings.join(), finished ? /has been finished/ : /has been undone/);
      const left = listing(root).filter((line) => !/pulumi-acrn\/tx/.test(line));
      assert.deepEqual(left, listing(tree(finished ? END : START)));
    });

  it("a runner that comes twice, late the second time, runs once", async () => {
    const root = tree(START);
    const start = '$x sh "$@" </dev/null >/dev/null 2>&1 &';
    assert.ok(transactScript().includes(start));
    const steps = join(root, "steps");
    const script = transactScript(`say "$1" >>"${steps}"`).replace(start, () => `$x sh "$@" & wait $!; ${start}`);
    await transact(folderTarget(root), REQUEST, () => CHANGES, OWNER, { script });
    assert.equal(readFileSync(steps, "utf8").match(/begin/g)?.length, 1);
  });

  const edits: [title: string, step: string, finished: boolean, path: string][] = [
    ["not swapped yet", "commit", false, "etc/b"],
    ["swapped already", "swapped 3", true, "etc/a"],
  ];
  for (const [title, step, finished, path] of edits)
    it(`leaves a file alone that somebody changed between crash and recovery, ${title}`, async () => {
      const root = await abandoned(step);
      writeFileSync(join(root, path), "by hand");
      const { before } = await transact(folderTarget(root), REQUEST, () => [], OWNER);
      assert.match(before.warnings.join(), finished ? /has been finished/ : /has been undone/);
      const left = listing(root).filter((line) => !/pulumi-acrn\/tx/.test(line));
      const key = path === "etc/b" ? "etc/b @600" : path;
      assert.deepEqual(left, listing(tree({ ...(finished ? END : START), [key]: "by hand" })));
    });
});
