import assert from "node:assert/strict";
import { Disk, type Moment, type Node } from "./support/disk-model";

/** A tree in short: `name: [inode, text]`, all in the top folder. */
function moment(files: Record<string, [id: string, text: string]>): Moment {
  const names = new Map(Object.entries(files).map(([name, [id]]) => [name, id]));
  const nodes = new Map<string, Node>([["0", { id: "0", mode: 0o755, is: { folder: names } }]]);
  for (const [id, text] of Object.values(files)) nodes.set(id, { id, mode: 0o644, is: { file: Buffer.from(text) } });
  return { top: "0", nodes };
}

function shown({ nodes, top }: Moment): Record<string, string> {
  const node = nodes.get(top);
  assert.ok(node && "folder" in node.is);
  const text = (id: string) => {
    const file = nodes.get(id)?.is;
    return file && "file" in file ? file.file.toString() : "?";
  };
  return Object.fromEntries([...node.is.folder].map(([name, id]) => [name, text(id)]));
}

type Luck = { names: boolean; bytes: boolean };
const [NONE, ALL, NAMES]: Luck[] = [
  { names: false, bytes: false },
  { names: true, bytes: true },
  { names: true, bytes: false },
];

describe("the model of a disk that loses power", () => {
  const rename = [{ a: ["1", "old"], t: ["2", "new"] }, { a: ["2", "new"] }] as Record<string, [string, string]>[];
  const rows: [
    title: string,
    moments: Record<string, [string, string]>[],
    synced: [after: number, paths: string[]][],
    luck: Luck | undefined,
    expected: Record<string, string>,
  ][] = [
    ["a new file nobody synced: gone", [{ f: ["1", "x"] }], [], NONE, {}],
    ["its name alone is there: no bytes", [{ f: ["1", "x"] }], [], NAMES, { f: "" }],
    ["all luck: as it was", [{ f: ["1", "x"] }], [], ALL, { f: "x" }],
    ["a synced file without its folder: gone", [{ f: ["1", "x"] }], [[1, ["f"]]], NONE, {}],
    ["file and folder synced: there", [{ f: ["1", "x"] }], [[1, ["f", ""]]], NONE, { f: "x" }],
    [
      "written again, not synced: the bytes of before",
      [{ f: ["1", "x"] }, { f: ["1", "y"] }],
      [[1, ["f", ""]]],
      NONE,
      { f: "x" },
    ],
    ["renamed over another: old name, old file", rename, [[1, ["t", "a", ""]]], NONE, { a: "old", t: "new" }],
    ["a rename is taken whole", rename, [[1, ["t", "a", ""]]], NAMES, { a: "new" }],
    ["renamed before its bytes were synced: an empty file", rename, [[1, ["a", ""]]], NAMES, { a: "" }],
    ["removed, and the folder not synced: back", [{ f: ["1", "x"] }, {}], [[1, ["f", ""]]], NONE, { f: "x" }],
    ["sync without a name is all of it", [{ f: ["1", "x"] }], [[1, []]], NONE, { f: "x" }],
  ];
  for (const [title, moments, synced, luck, expected] of rows)
    it(title, () => {
      const disk = new Disk(moment({}));
      moments.forEach((files, i) => {
        disk.becomes(moment(files));
        for (const [after, paths] of synced) if (after === i + 1) disk.sync(paths);
      });
      assert.deepEqual(shown(disk.after((what) => (luck ?? NONE)?.[what] ?? false)), expected);
    });
});
