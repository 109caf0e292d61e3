import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { textOf } from "../../provider/core/snapshot";
import { folderTarget } from "../../provider/host/folder";
import { transact } from "../../provider/host/transaction";
import type { FileChange } from "../../provider/host/types";
import { needs } from "../support/needs";
import { change, listing, NOTHING, shells, tree } from "./helpers";

const OWNER = { owner: "tests" };
const GRUB = "/etc/default/grub";
const LEDGER = "/var/lib/pulumi-acrn/ledger.json";

interface Row {
  title: string;
  start: Record<string, string>;
  changes: FileChange[];
  /** The tree afterwards, as `tree` takes it. */
  end: Record<string, string>;
}

const HOST = { "etc/default/grub": "A=1\n", "var/lib/dpkg/status": "" };

const TABLE: Row[] = [
  {
    title: "writes over a file and keeps its mode",
    start: { "etc/default/grub @640": "A=1\n", "var/lib/x": "" },
    changes: [change(GRUB, "A=1\n", "A=2\n")],
    end: { "etc/default/grub @640": "A=2\n", "var/lib/x": "" },
  },
  {
    title: "makes a file with the mode that was asked for, and its folders",
    start: HOST,
    changes: [change("/opt/a b/new", null, "x", "0600")],
    end: { ...HOST, "opt/a b/new @600": "x" },
  },
  {
    title: "removes a file",
    start: { ...HOST, "etc/x": "1" },
    changes: [change("/etc/x", "1", null)],
    end: { ...HOST, "etc/@": "" },
  },
  {
    title: "follows a link that is absolute on the machine, and keeps it",
    start: { ...HOST, "usr/share/acrn/scenario.xml": "-> /opt/s.xml", "opt/s.xml": "old" },
    changes: [change("/usr/share/acrn/scenario.xml", "old", "new")],
    end: { ...HOST, "usr/share/acrn/scenario.xml": "-> /opt/s.xml", "opt/s.xml": "new" },
  },
  {
    title: "many files, one empty, one without a final line break, one of all bytes",
    start: { ...HOST, "etc/a": "a", "etc/b": "b" },
    changes: [
      change("/etc/a", "a", ""),
      change("/etc/b", "b", "no end"),
      change("/etc/c", null, Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("")),
    ],
    end: {
      ...HOST,
      "etc/a": "",
      "etc/b": "no end",
      "etc/c": Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join(""),
    },
  },
  {
    title: "a read-only file",
    start: { ...HOST, "etc/x @444": "1" },
    changes: [change("/etc/x", "1", "2")],
    end: { ...HOST, "etc/x @444": "2" },
  },
  {
    title: "names that a shell would trip over",
    start: { ...HOST, "etc/-n $(x) 'q' \"d\" [a]* ~": "1" },
    changes: [change("/etc/-n $(x) 'q' \"d\" [a]* ~", "1", "2")],
    end: { ...HOST, "etc/-n $(x) 'q' \"d\" [a]* ~": "2" },
  },
  { title: "a change to the same bytes is none", start: HOST, changes: [change(GRUB, "A=1\n", "A=1\n")], end: HOST },
];

for (const { name, shell } of shells())
  describe(`transaction under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    for (const { title, start, changes, end } of TABLE)
      it(title, async () => {
        const root = tree(start);
        const want = Object.keys(end).filter((key) => !key.endsWith("/@"));
        const files = [...new Set(changes.map((c) => c.path))];
        const result = await transact(folderTarget(root, shell), { ...NOTHING, files }, () => changes, OWNER);
        const expected = tree(Object.fromEntries(want.map((key) => [key, end[key] as string])));
        assert.deepEqual(listing(root), listing(expected));
        for (const { path, after } of changes)
          assert.equal(textOf(result.after, path), after === null ? undefined : Buffer.from(after).toString("utf8"));
      });

    it("gives the tree back, folders and all, when the last file of ours goes", async () => {
      const root = tree({ "etc/default/grub": "A=1\n" });
      const before = listing(root);
      const target = folderTarget(root, shell);
      const request = { ...NOTHING, files: ["/opt/x/new"] };
      const there = [change(GRUB, "A=1\n", "A=2\n"), change("/opt/x/new", null, "n"), change(LEDGER, null, "{}")];
      const back = [change(GRUB, "A=2\n", "A=1\n"), change("/opt/x/new", "n", null), change(LEDGER, "{}", null)];
      await transact(target, request, () => there, OWNER);
      assert.notDeepEqual(listing(root), before);
      await transact(target, request, () => back, OWNER);
      assert.deepEqual(listing(root), before);
    });

    it("passes on what decide throws, unchanged, and leaves nothing", async () => {
      const root = tree({ "etc/default/grub": "A=1\n" });
      const before = listing(root);
      const mine = new Error("mine");
      const fail = () => {
        throw mine;
      };
      await assert.rejects(transact(folderTarget(root, shell), NOTHING, fail, OWNER), (error) => error === mine);
      assert.deepEqual(listing(root), before);
    });

    it("leaves nothing when there is nothing to do", async () => {
      const root = tree({ "etc/default/grub": "A=1\n" });
      const before = listing(root);
      const result = await transact(folderTarget(root, shell), NOTHING, () => [], OWNER);
      assert.equal(result.changed, false);
      assert.equal(result.after, result.before);
      assert.deepEqual(listing(root), before);
    });

    it("changes nothing when one of the files is not what was read", async () => {
      const root = tree({ ...HOST, "etc/a": "a" });
      const before = listing(root);
      const changes = [change(GRUB, "A=1\n", "A=2\n"), change("/etc/a", "b", "c")];
      await assert.rejects(
        transact(folderTarget(root, shell), { ...NOTHING, files: ["/etc/a"] }, () => changes, OWNER),
        (error) =>
          error instanceof AcrnError &&
          error.code === "host.changed" &&
          /\/etc\/a; nothing was changed/.test(error.message) &&
          !error.message.includes(GRUB),
      );
      assert.deepEqual(listing(root), before);
    });

    it("says what failed and changes nothing when a file cannot be written", async () => {
      // a file stands where a folder has to be made
      const root = tree({ ...HOST, "opt/x": "" });
      const before = listing(root);
      const changes = [change(GRUB, "A=1\n", "A=2\n"), change("/opt/x/y", null, "c")];
      await assert.rejects(
        transact(folderTarget(root, shell), { ...NOTHING, files: ["/opt/x/y"] }, () => changes, OWNER),
        (error) => error instanceof AcrnError && /put_new at \/opt\/x\/y.*nothing was changed/.test(error.message),
      );
      assert.deepEqual(listing(root), before);
    });

    it("lets concurrent transactions in one after the other", async () => {
      // Every machine has /var/lib. Where it is missing, one that goes and one that comes may each take it for the other's, and an empty /var stays.
      const always = { "etc/default/grub": "", "var/lib/always": "" };
      const root = tree({ "etc/n": "0", ...always });
      const rounds = 3;
      const count = async (who: string) => {
        for (let round = 0; round < rounds; round++)
          await transact(
            folderTarget(root, shell),
            { ...NOTHING, files: ["/etc/n"] },
            (fresh) => {
              const now = textOf(fresh, "/etc/n") ?? "";
              return [change("/etc/n", now, String(Number(now) + 1))];
            },
            { owner: who },
          );
      };
      await Promise.all([count("a"), count("b"), count("c")]);
      assert.equal(readFileSync(join(root, "etc/n"), "utf8"), String(3 * rounds));
      assert.deepEqual(listing(root), listing(tree({ "etc/n": String(3 * rounds), ...always })));
    });
  });

describe("transaction, what is refused before anything is sent", () => {
  it("a folder where the file should be", async () => {
    const root = tree(HOST);
    mkdirSync(join(root, "etc/d"));
    await assert.rejects(
      transact(folderTarget(root), { ...NOTHING, files: ["/etc/d"] }, () => [change("/etc/d", "x", "y")], OWNER),
      (error) => error instanceof AcrnError && error.code === "write.refused",
    );
  });

  it("a path that nobody asked to read", async () => {
    await assert.rejects(
      transact(folderTarget(tree(HOST)), NOTHING, () => [change("/etc/q", null, "y")], OWNER),
      /not asked for/,
    );
  });

  it("one file under two names", async () => {
    const root = tree({ ...HOST, "etc/x": "1", "etc/y": "-> x" });
    const changes = [change("/etc/x", "1", "2"), change("/etc/y", "1", "3")];
    await assert.rejects(
      transact(folderTarget(root), { ...NOTHING, files: ["/etc/x", "/etc/y"] }, () => changes, OWNER),
      /are the same file/,
    );
  });

  it("keeps the hard link of a file that has one: in place", async () => {
    const root = tree({ ...HOST, "etc/x": "1" });
    const { linkSync } = await import("node:fs");
    linkSync(join(root, "etc/x"), join(root, "etc/y"));
    await transact(folderTarget(root), { ...NOTHING, files: ["/etc/x"] }, () => [change("/etc/x", "1", "22")], OWNER);
    assert.equal(readFileSync(join(root, "etc/y"), "utf8"), "22");
    writeFileSync(join(root, "etc/y"), "3");
    assert.equal(readFileSync(join(root, "etc/x"), "utf8"), "3");
  });
});
