import assert from "node:assert/strict";
import fc from "fast-check";
import { JSON_DEPTH, placeInJson } from "../../../provider/core/text/json-place";

const TEXT = '{\n "a": [1, {"b": "x\\u0041\\"]"}],\n "": {"__proto__": 2, "c": 3, "c": [4]}\n}';

const paths: [path: PropertyKey[], line: number, column: number][] = [
  [[], 1, 1],
  [["a"], 2, 7],
  [["a", 0], 2, 8],
  [["a", 1, "b"], 2, 17],
  [["a", 1, "gone", "deeper"], 2, 11],
  [["gone"], 1, 1],
  [[""], 3, 6],
  [["", "__proto__"], 3, 20],
  [["", "c", 0], 3, 37],
];

const bad: [text: string, line: number, column: number][] = [
  ["", 1, 1],
  ["\ufeff{}", 1, 1],
  ["{]", 1, 2],
  ["[1,]", 1, 4],
  ["[1 2]", 1, 4],
  ['{"a" 1}', 1, 6],
  ["[01]", 1, 3],
  ["[.5]", 1, 2],
  ["tru", 1, 1],
  ['["a\nb"]', 1, 4],
  ['["\\x"]', 1, 3],
  ['["\\u12"]', 1, 3],
  ["{}\n{}", 2, 1],
  ["[\n'a']", 2, 1],
  ["[".repeat(9000), 1, JSON_DEPTH + 1],
];

describe("placeInJson", () => {
  for (const [path, line, column] of paths)
    it(`${JSON.stringify(path)} stands at ${line}:${column}`, () => {
      const place = placeInJson(TEXT, "f", path);
      assert.deepEqual([place.file, place.line, place.column], ["f", line, column]);
    });

  for (const [text, line, column] of bad)
    it(`${JSON.stringify(text.slice(0, 20))} is no JSON from ${line}:${column} on`, () => {
      const place = placeInJson(text, "f");
      assert.deepEqual([place.line, place.column], [line, column]);
    });

  it("finds every value where JSON.stringify put it", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, maxKeys: 4 }), (data) => {
        const text = JSON.stringify(data);
        for (const [key, value] of Object.entries(JSON.parse(text) as object)) {
          const { column = 0 } = placeInJson(text, "f", [key]);
          const from = [...text].slice(column - 1).join("");
          assert.ok(from.startsWith(JSON.stringify(value)), `${key} in ${text}`);
        }
      }),
    );
  });
});
