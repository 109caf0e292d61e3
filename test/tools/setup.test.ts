import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isBuilt, sourceHash } from "../../tools/build";
import { nodeRefusal } from "../../tools/node-version";
import { missingPackages } from "../../tools/packages";
import { cacheHome, which } from "../../tools/paths";
import { addFiles, addProgram, folderWith, removeFolders } from "./folders";

describe("the version of Node", () => {
  const rows: [version: string, refused: boolean][] = [
    ["20.19.0", false],
    ["20.19.1", false],
    ["22.0.0", false],
    ["20.18.3", true],
    ["18.20.0", true],
    ["9.0.0", true],
  ];
  for (const [version, refused] of rows)
    it(`${version} is ${refused ? "refused, with the version that is needed" : "taken"}`, () => {
      const refusal = nodeRefusal(version);
      assert.equal(refusal !== undefined, refused);
      if (refused)
        assert.match(refusal ?? "", new RegExp(`Node 20\\.19\\.0 or newer is needed here, and this is ${version}`));
    });

  it("agrees with what the locked tools ask for", () => {
    for (const tool of ["mocha", "c8"])
      assert.match(JSON.parse(readFileSync(`node_modules/${tool}/package.json`, "utf8")).engines.node, /\^20\.19\.0/);
  });
});

describe("npm packages", () => {
  after(removeFolders);

  const LOCK = {
    "": {},
    "node_modules/a": { version: "1.0.0", integrity: "x" },
    "node_modules/b": { version: "2.0.0", optional: true },
  };

  const rows: [title: string, installed: object | undefined, missing: string[]][] = [
    ["no node_modules", undefined, ["node_modules/a"]],
    ["all there", LOCK, []],
    ["optional one left out", { "node_modules/a": LOCK["node_modules/a"] }, []],
    ["another version", { ...LOCK, "node_modules/a": { version: "1.0.1", integrity: "x" } }, ["node_modules/a"]],
    [
      "same version, other bytes",
      { ...LOCK, "node_modules/a": { version: "1.0.0", integrity: "y" } },
      ["node_modules/a"],
    ],
    ["optional one too old", { ...LOCK, "node_modules/b": { version: "1.9.0" } }, ["node_modules/b"]],
  ];
  for (const [title, installed, missing] of rows)
    it(title, () => {
      const root = folderWith({ "package-lock.json": JSON.stringify({ packages: LOCK }) });
      if (installed) addFiles(root, { "node_modules/.package-lock.json": JSON.stringify({ packages: installed }) });
      assert.deepEqual(missingPackages(root), missing);
    });

  it("are those of this clone now", () => assert.deepEqual(missingPackages(), []));

  it("no lock file is an error of its own", () =>
    assert.throws(() => missingPackages(folderWith()), /package-lock\.json is missing/));
});

describe("the build", () => {
  after(removeFolders);

  const FILES = { "tsconfig.json": "{}", "tsconfig.build.json": "{}", "package-lock.json": "{}", "provider/a.ts": "1" };

  it("is done when dist/ was made from these sources, and again after any change of them", () => {
    const root = folderWith({ ...FILES, "sdk/b.ts": "2" });
    assert.equal(isBuilt(root), false);
    addFiles(root, { "dist/a.js": "", "node_modules/.pulumi-acrn-build": sourceHash(root) });
    assert.equal(isBuilt(root), true);
    addFiles(root, { "test/c.ts": "no source of dist/" });
    assert.equal(isBuilt(root), true);
    addFiles(root, { "sdk/b.ts": "3" });
    assert.equal(isBuilt(root), false);
  });

  it("notices a renamed file and a compiler setting", () => {
    const hashes = [
      FILES,
      { ...FILES, "tsconfig.json": "{ }" },
      { ...FILES, "provider/a.ts": "", "provider/a1.ts": "1" },
    ];
    assert.equal(new Set(hashes.map((files) => sourceHash(folderWith(files)))).size, 3);
  });
});

describe("folders", () => {
  after(removeFolders);

  it("the cache follows XDG, and ignores a relative path there", () => {
    assert.equal(cacheHome({ XDG_CACHE_HOME: "/c", HOME: "/h" }), "/c/pulumi-acrn");
    assert.equal(cacheHome({ XDG_CACHE_HOME: "c", HOME: "/h" }), "/h/.cache/pulumi-acrn");
    assert.equal(cacheHome({ HOME: "/h" }), "/h/.cache/pulumi-acrn");
  });

  it("a program is the first executable file of that name", () => {
    const root = folderWith({ "a/tool": "not executable", "c/x": "" });
    addProgram(join(root, "b"), "tool", "");
    addProgram(join(root, "d"), "tool", "");
    assert.equal(
      which("tool", { PATH: ["a", "b", "c", "d"].map((name) => join(root, name)).join(":") }),
      join(root, "b/tool"),
    );
    assert.equal(which("tool", { PATH: "" }), undefined);
  });
});
