import assert from "node:assert/strict";
import { remembered } from "../../../provider/core/text/remembered";

/** What has been read, in order. */
function reader(limit?: number) {
  const read: string[] = [];
  const look = remembered((text: string, file: string) => {
    read.push(text);
    if (text === "bad") throw new Error(`${file} is bad`);
    return { text, file };
  }, limit);
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
    const { read, look } = reader(4);
    for (const text of ["aa", "bb", "aa", "cc", "aa", "bb", "long text", "long text"]) look(text, "f");
    assert.deepEqual(read, ["aa", "bb", "cc", "bb", "long text", "long text"]);
  });

  it("an error takes no room", () => {
    const { read, look } = reader(4);
    look("aa", "f");
    for (let round = 0; round < 3; round++) assert.throws(() => look("bad", "f"));
    look("bb", "f");
    look("aa", "f");
    assert.deepEqual(read, ["aa", "bad", "bad", "bad", "bb"]);
  });
});
