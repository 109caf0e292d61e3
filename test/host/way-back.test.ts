import assert from "node:assert/strict";
import { linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { folderTarget } from "../../provider/host/folder";
import { transactScript } from "../../provider/host/scripts/main";
import { transact } from "../../provider/host/transaction";
import { needs } from "../support/needs";
import { change, listing, NOTHING, shells, temporary, tree } from "./helpers";

const START = { "etc/a": "a", "etc/b": "b", "etc/gone": "x", "var/lib/x": "" };
const CHANGES = [change("/etc/a", "a", "A"), change("/etc/b", "b", "B"), change("/etc/gone", "x", null)];
const REQUEST = { ...NOTHING, files: ["/etc/a", "/etc/b", "/etc/gone"] };
const OWNER = { owner: "tests" };
const NEW = { "etc/a": "A", "etc/b": "B", "var/lib/x": "" };

const says = (code: string, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AcrnError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, text);
  return true;
};

function mkdirp(root: string, path: string): string {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
}

function replaced(script: string, from: string, to: string): string {
  assert.ok(script.includes(from), from);
  return script.replace(from, () => to);
}

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`when a step of a transaction fails under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });
    const run = (root: string, script: string) =>
      transact(folderTarget(root, shell), REQUEST, () => CHANGES, OWNER, { script, pause: 1 });

    it("killed on the way back, which the full journal could not note: never forward again", async () => {
      const root = tree(START);
      const journal = 'say "$1" >>"$D/journal"';
      const full = `case "$0.$1" in */run."swapped 2"*|*/run.back) return 1;; esac; ${journal}`;
      const script = transactScript("case $0.$1 in */run.'restored 2'*) kill -9 $$;; esac");
      await assert.rejects(run(root, replaced(script, journal, full)), says("tx.failed", /was put back/));
      assert.deepEqual(listing(root), listing(tree(START)));
    });

    it("a mark that cannot be made does not end the shell: put back, and said", async () => {
      const root = tree(START);
      const script = transactScript('case $1 in commit) mkdir "$X/did.3";; esac');
      await assert.rejects(run(root, script), says("tx.failed", /at \/etc\/gone: .*was put back/));
      assert.deepEqual(listing(root), listing(tree(START)));
    });

    it("a file that does not open for writing, in place: nothing is changed, and it is said why", async () => {
      const root = tree(START);
      linkSync(join(root, "etc/a"), join(root, "etc/twin"));
      const before = listing(root);
      // as open(2) refuses a file that is immutable or runs
      const script = replaced(transactScript(), ' >>"$E"', ' >>"$E/."');
      await assert.rejects(
        run(root, script),
        says("tx.failed", /step put_new at \/etc\/a: .*etc\/a.*nothing was changed/),
      );
      assert.deepEqual(listing(root), before);
    });

    it("a file that somebody makes where a removed one is about to go back: theirs stays", async () => {
      const root = tree(START);
      const [bin, gone] = [temporary(), join(root, "etc/gone")];
      const text = `#!/bin/sh\nPATH=/usr/bin:/bin\n[ "$*" != "old ../gone" ] || printf theirs >${gone}\nexec ln "$@"\n`;
      writeFileSync(join(bin, "ln"), text, { mode: 0o755 });
      const ledger = change("/var/lib/pulumi-acrn/ledger.json", "l", null);
      writeFileSync(join(mkdirp(root, "var/lib/pulumi-acrn"), "ledger.json"), "l");
      const script = transactScript(`case $1 in 'swapped 1'*) printf hand >"$D/ledger.json";; esac`);
      const target = folderTarget(root, { ...shell, path: `${bin}:${shell?.path}` });
      const changes = [change("/etc/gone", "x", null), ledger];
      await assert.rejects(
        transact(target, REQUEST, () => changes, OWNER, { script, pause: 1 }),
        says("tx.torn", /neither finished nor undone at .*[/]etc[/]gone/),
      );
      assert.equal(readFileSync(gone, "utf8"), "theirs");
    });

    it("a runner that cannot write its name leaves the claim to its starter, who says that nothing was changed", async () => {
      const root = tree(START);
      const script = replaced(transactScript(), '>"$X/runner.t"', '>"$X/none/runner.t"');
      await assert.rejects(run(root, script), says("tx.failed", /in step start: .*nothing was changed/));
      assert.deepEqual(listing(root), listing(tree(START)));
    });

    it("a starter that is told to go before its runner has said its name takes nothing away from it", async () => {
      const root = tree(START);
      const claimed = 'mkdir "$X/claim" || exit 1';
      // it goes while the runner has the claim and no name; what it would take away goes in the middle of the runner's work
      const early = `${claimed}\nIFS=" " read -r _ w _ <"$D/lock"; kill $w; sleep 0.3`;
      const slow = 'bare true && { sleep 1; rm -rf "$D/tx"; }';
      const script = replaced(transactScript("case $1 in 'swapped 1'*) sleep 2;; esac"), claimed, early);
      const end = await run(root, replaced(script, 'bare true && rm -rf "$D/tx"', slow)).then(
        () => NEW,
        (error) => {
          says("link.cut", /nothing was changed/)(error);
          return START;
        },
      );
      assert.deepEqual(listing(root), listing(tree(end)));
    });
  });

describe("when the read after a commit does not come to an end", () => {
  it("says that all is written, and not that nobody knows", async function () {
    this.timeout(60_000);
    const root = tree({ ...START, "etc/busy": "" });
    const bin = temporary();
    const grow = `[ ! -e ${root}/armed ] || echo >>${root}/etc/busy`;
    const text = `#!/bin/sh\nPATH=/usr/bin:/bin\n${grow}\nexec sha256sum "$@"\n`;
    writeFileSync(join(bin, "sha256sum"), text, { mode: 0o755 });
    const script = transactScript(`case $1 in done) printf "" >"$R/armed";; esac`);
    const target = folderTarget(root, { path: `${bin}:/usr/bin:/bin` });
    const request = { ...REQUEST, files: [...REQUEST.files, "/etc/busy"] };
    await assert.rejects(
      transact(target, request, () => CHANGES, OWNER, { script, pause: 1 }),
      says("host.busy-file", /etc\/busy changed each time it was read, after all that was declared had been written/),
    );
    assert.equal(readFileSync(join(root, "etc/b"), "utf8"), "B");
  });
});
