import assert from "node:assert/strict";
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, snapshotTree } from "../../examples/lab/tree";
import { useFolder } from "../host/ssh/support";

describe("lab tree", () => {
  const folder = useFolder();
  let dir: string;
  beforeEach(() => {
    dir = join(folder(), "tree");
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(join(dir, "etc/sub"), { recursive: true });
    writeFileSync(join(dir, "etc/a"), "one\n");
    writeFileSync(join(dir, "etc/b"), "");
    symlinkSync("a", join(dir, "etc/link"));
  });

  const rows: [
    name: string,
    change: (path: (name: string) => string) => void,
    content: string[],
    history: RegExp | undefined,
  ][] = [
    ["nothing", () => {}, [], undefined],
    ["same bytes written again", (path) => rewrite(path("etc/a"), "one\n"), [], /^etc\/a: mtimeNs/m],
    ["a file swapped for an equal one", (path) => swap(path("etc/a"), "one\n"), [], /^etc\/a: ino/m],
    ["a touch", (path) => utimesSync(path("etc/b"), 1, 1), [], /^etc\/b: mtimeNs/m],
    ["one byte", (path) => rewrite(path("etc/a"), "two\n"), ["etc/a: sha256"], /./],
    ["a mode", (path) => chmodSync(path("etc/a"), 0o600), ["etc/a: mode 100644 => 100600"], undefined],
    ["a new file", (path) => writeFileSync(path("etc/new"), ""), ["etc/new: appeared (file)"], /^etc: mtimeNs/m],
    ["a file gone", (path) => unlinkSync(path("etc/b")), ["etc/b: disappeared (file)"], /^etc: mtimeNs/m],
    ["a temporary file that came and went", (path) => cameAndWent(path("etc/tmp")), [], /^etc: mtimeNs/m],
    ["a link that points elsewhere", (path) => relink(path("etc/link")), ["etc/link: target a => b"], /./],
    ["a link that became a file", (path) => swap(path("etc/link"), "one\n"), ["etc/link: type link => file"], /./],
    [
      "an empty folder gone",
      (path) => rmSync(path("etc/sub"), { recursive: true }),
      ["etc/sub: disappeared (directory)"],
      /./,
    ],
  ];
  for (const [name, change, content, history] of rows) {
    it(name, () => {
      chmodSync(join(dir, "etc/a"), 0o644);
      const before = snapshotTree(dir);
      change((path) => join(dir, path));
      const after = snapshotTree(dir);
      const differences = diffTrees(before, after, { times: false });
      for (const [index, expected] of content.entries())
        assert.ok(differences[index]?.startsWith(expected), differences.join("\n"));
      if (content.length === 0) assert.deepEqual(differences, []);
      if (history) assert.match(diffTrees(before, after, { times: true }).join("\n"), history);
      else assert.deepEqual(diffTrees(before, after, { times: true }), differences);
    });
  }

  function rewrite(path: string, text: string): void {
    writeFileSync(path, text);
    utimesSync(path, 5, 5); // a clock tick may not have passed
  }
  function swap(path: string, text: string): void {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
  function relink(path: string): void {
    unlinkSync(path);
    symlinkSync("b", path);
  }
  function cameAndWent(path: string): void {
    writeFileSync(path, "");
    unlinkSync(path);
  }
});
