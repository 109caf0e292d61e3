import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { textOf } from "../../provider/core/snapshot";
import { folderTarget } from "../../provider/host/folder";
import { journalNote } from "../../provider/host/journal";
import { transactScript } from "../../provider/host/scripts/main";
import { readSnapshot } from "../../provider/host/snapshot";
import { transact } from "../../provider/host/transaction";
import { needs } from "../support/needs";
import { change, listing, NOTHING, shells, temporary, tree } from "./helpers";
import { abandon, killAt } from "./support/abandoned";

const START = { "etc/a": "a", "etc/b": "b", "var/lib/x": "" };
const CHANGES = [change("/etc/a", "a", "A"), change("/etc/b", "b", "B")];
const REQUEST = { ...NOTHING, files: ["/etc/a", "/etc/b"] };
const JOURNAL = "var/lib/pulumi-acrn/journal";
const [OLD, NEW] = [tree(START), tree({ ...START, "etc/a": "A", "etc/b": "B" })].map((root) => listing(root));

/** A machine whose runner and starter died right after a step of the journal. */
const dead = (step: string) =>
  abandon(tree(START), { request: REQUEST, changes: CHANGES, script: transactScript(killAt(step)) });

function copy(root: string, journal: Buffer | string): string {
  const other = temporary();
  // hard links too: they tell what was swapped
  execFileSync("cp", ["-a", `${root}/.`, other]);
  writeFileSync(join(other, JOURNAL), journal);
  return other;
}

/** Nothing was swapped at `commit`, so every length of the journal is one that a power cut may leave. */
for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  it(`a journal that is torn at any byte ends old or new, and a preview said which, under ${name}`, async function () {
    this.timeout(120_000);
    needs(this, shell, `no ${name} on this machine`);
    const root = await dead("commit");
    const journal = readFileSync(join(root, JOURNAL));
    const ends = { old: 0, new: 0 };
    // each byte of the first and the last two lines; between them no line has a meaning
    const every = name === "dash" ? 1 : 8;
    const points = [...journal.keys()].filter((at) => (at < 32 || at > journal.length - 16) && at % every === 0);
    for (const at of [...points, journal.length]) {
      const torn = copy(root, journal.subarray(0, at));
      const target = folderTarget(torn, shell);
      const said = (await readSnapshot(target, REQUEST)).warnings.join();
      const { before } = await transact(target, REQUEST, () => [], { owner: "tests" });
      const end = at === journal.length ? "new" : "old";
      assert.deepEqual(listing(torn), end === "new" ? NEW : OLD, `at ${at}`);
      assert.match(said, end === "new" ? /next up finishes it/ : /next up undoes it/, `at ${at}`);
      assert.match(before.warnings.join(), end === "new" ? /has been finished/ : /has been undone/);
      ends[end]++;
    }
    assert.ok(ends.old >= 45 / every - 1 && ends.new === 1, JSON.stringify(ends));
  });

describe("an open journal", function () {
  this.timeout(60_000);

  const rows: [title: string, edit: (text: string) => string, code: string | undefined, text: RegExp][] = [
    [
      "of a later format: nothing is touched",
      (text) => text.replace(/^(begin \S+) 1$/m, "$1 2"),
      "tx.newer",
      /format \(2\).*nothing was changed/,
    ],
    ["without a format", (text) => text.replace(/^(begin \S+) 1$/m, "$1"), "tx.newer", /format \(0\)/],
    [
      "with lines that nobody knows: passed over",
      (text) => text.replace("save\n", "save\nwhat is this\n\n"),
      undefined,
      /has been finished/,
    ],
    [
      "whose first line is lost, with entries: only a human may judge",
      (text) => text.replace(/^begin.*$/m, "\0\0\0"),
      "tx.torn",
      /does not say which transaction is open/,
    ],
  ];
  for (const [title, edit, code, text] of rows)
    it(title, async () => {
      const root = await dead("commit");
      writeFileSync(join(root, JOURNAL), edit(readFileSync(join(root, JOURNAL), "utf8")));
      const before = listing(root).filter((line) => !line.includes("/lock"));
      const run = transact(folderTarget(root), REQUEST, () => [], { owner: "tests" });
      if (!code) return assert.match((await run).before.warnings.join(), text);
      await assert.rejects(
        run,
        (error) => error instanceof AcrnError && error.code === code && text.test(error.message),
      );
      assert.deepEqual(
        listing(root).filter((line) => !line.includes("/lock")),
        before,
      );
    });

  it("is told by a preview, which writes nothing", async () => {
    const root = await dead("commit");
    const before = listing(root, true);
    const { warnings } = await readSnapshot(folderTarget(root), REQUEST);
    assert.match(warnings.join(), /open transaction [0-9a-f]{16} was found.*next up finishes it first/);
    assert.deepEqual(listing(root, true), before);
  });

  it("that grows under each of a preview's reads is waited for", async () => {
    const root = tree({ ...START, [JOURNAL]: "begin ab 1\n" });
    const at = join(root, JOURNAL);
    const bin = temporary();
    // more often than a file of others may change
    const grow = `[ "$(wc -l <${at})" -ge 6 ] || echo save >>${at}`;
    const text = `#!/bin/sh\nPATH=/usr/bin:/bin\n${grow}\nexec sha256sum "$@"\n`;
    writeFileSync(join(bin, "sha256sum"), text, { mode: 0o755 });
    const snapshot = await readSnapshot(folderTarget(root, { path: `${bin}:/usr/bin:/bin` }), REQUEST);
    assert.equal(textOf(snapshot, `/${JOURNAL}`), `begin ab 1\n${"save\n".repeat(5)}`);
  });

  const words: [text: string, note: RegExp | undefined][] = [
    ["", /undoes/],
    ["begin ab 1\nsave\n", /transaction ab was found.*undoes/],
    ["begin ab 1\ncommit\n", /finishes/],
    ["begin ab 1\ncommit", /undoes/],
    ["begin ab 1\ncommit\nswapped 1 /x\nback\n", /undoes/],
    ["begin ab 1\ncommit\nclean\n", /finishes/],
    ["begin ab 7\ncommit\n", /another version/],
    ["begin \x1b[31m 1\n", /^An open transaction was found/],
  ];
  for (const [text, note] of words)
    it(`says of ${JSON.stringify(text)}: ${note}`, () => {
      assert.match(journalNote({ path: "/j", kind: "file", bytes: Buffer.from(text) }) ?? "", note ?? /^$/);
    });

  it("says nothing where there is none", () => {
    assert.equal(journalNote({ path: "/j", kind: "absent" }), undefined);
    assert.equal(journalNote(undefined), undefined);
  });
});
