import assert from "node:assert/strict";
import { type Keeping, remembered } from "../../../provider/core/text/remembered";

/** What has been read, in order. */
function reader(most?: Keeping) {
  const read: string[] = [];
  const look = remembered((text: string, file: string) => {
    read.push(text);
    if (text === "bad") throw new Error(`${file} is bad`);
    return { text, file };
  }, most);
  return { read, look };
}

describe("text: remembered", () => {
  it("reads a text once", () => {
    const { read, look } = reader();
    assert.equal(look("a", "f"), look("a", "f"));
    assert.deepEqual(read, ["a"]);
  });

  it("reads it again under another name, which errors tell", () => {
    const { read, look } = reader();
    assert.deepEqual([look("a", "f").file, look("a", "g").file, look("a", "g").file], ["f", "g", "g"]);
    assert.deepEqual(read, ["a", "a"]);
  });

  it("keeps no error", () => {
    const { read, look } = reader();
    for (const file of ["f", "g"]) assert.throws(() => look("bad", file), new RegExp(`${file} is bad`));
    assert.deepEqual(read, ["bad", "bad"]);
  });

  it("forgets what was asked for longest ago, and what is too long at once", () => {
    const { read, look } = reader({ texts: 9, chars: 4 });
    for (const text of ["aa", "bb", "aa", "cc", "aa", "bb", "long text", "long text"]) look(text, "f");
    assert.deepEqual(read, ["aa", "bb", "cc", "bb", "long text", "long text"]);
  });

  it("an error takes no room", () => {
    const { read, look } = reader({ texts: 9, chars: 4 });
    look("aa", "f");
    for (let round = 0; round < 3; round++) assert.throws(() => look("bad", "f"));
    look("bb", "f");
    look("aa", "f");
    assert.deepEqual(read, ["aa", "bad", "bad", "bad", "bb"]);
  });

  it("forgets by number too", () => {
    const { read, look } = reader({ texts: 2, chars: 9 });
    for (const text of ["a", "b", "a", "c", "a", "b"]) look(text, "f");
    assert.deepEqual(read, ["a", "b", "c", "b"]);
  });

  it("hands on what was made of the same text, else the last", () => {
    const like: (string | undefined)[] = [];
    const look = remembered<string>((text, file, made) => {
      like.push(made);
      return `${text} ${file}`;
    });
    for (const [text, file] of [
      ["a", "f"],
      ["b", "f"],
      ["a", "g"],
    ] as const)
      look(text, file);
    assert.deepEqual(like, [undefined, "a f", "a f"]);
  });
});
