import assert from "node:assert/strict";
import { checkImports } from "../../tools/check-imports";
import { folderWith, removeFolders } from "./folders";

const PACKAGE = JSON.stringify({ dependencies: { ssh2: "1", zod: "4" }, peerDependencies: { "@pulumi/pulumi": "3" } });

/** What is found in a tree with these files; the line ends where the rule's explanation starts. */
function findings(files: Record<string, string>): string[] {
  const root = folderWith({ "package.json": PACKAGE, ...files });
  return checkImports(root).map((line) => line.replace(/, (but|which) .*|; hand it in.*/, ""));
}

describe("import directions", () => {
  after(removeFolders);

  const one: [title: string, file: string, text: string, expected: string[], others?: Record<string, string>][] = [
    ["core may import core", "provider/core/a.ts", 'import { x } from "./b/c";', []],
    ["core may use a pure package", "provider/core/a.ts", 'import { z } from "zod";', []],
    [
      "core may not use Node",
      "provider/core/a.ts",
      'import { readFileSync } from "node:fs";',
      ["provider/core/a.ts:1: core imports node:fs"],
    ],
    [
      "nor Node without its prefix",
      "provider/core/a.ts",
      '\nimport fs from "fs/promises";',
      ["provider/core/a.ts:2: core imports fs/promises"],
    ],
    [
      "nor types of ssh2",
      "provider/core/a.ts",
      'import type { Client } from "ssh2";',
      ["provider/core/a.ts:1: core imports ssh2"],
    ],
    ["nor by require", "provider/core/a.ts", 'const s = require("ssh2");', ["provider/core/a.ts:1: core imports ssh2"]],
    [
      "nor by import()",
      "provider/core/a.ts",
      'export const f = () => import("@pulumi/pulumi");',
      ["provider/core/a.ts:1: core imports @pulumi/pulumi"],
    ],
    [
      "nor by an import type",
      "provider/core/a.ts",
      'export type A = import("../host/b").B;',
      ["provider/core/a.ts:1: core imports provider/host/b"],
    ],
    [
      "nor by re-export",
      "provider/core/a.ts",
      'export * from "../host/b";',
      ["provider/core/a.ts:1: core imports provider/host/b"],
    ],
    [
      "host may import core, Node and ssh2",
      "provider/host/a.ts",
      'import "../core/b"; import "node:net"; import "ssh2";',
      [],
    ],
    [
      "host may not import resources",
      "provider/host/a.ts",
      'import "../resources/b";',
      ["provider/host/a.ts:1: host imports provider/resources/b"],
    ],
    [
      "resources may not import Node",
      "provider/resources/a.ts",
      'import "node:os";',
      ["provider/resources/a.ts:1: resources imports node:os"],
    ],
    [
      "lifecycle imports all below",
      "provider/lifecycle/a.ts",
      'import "../host/b"; import "../resources/c"; import "@pulumi/pulumi";',
      [],
    ],
    [
      "the provider never imports the faces",
      "provider/index.ts",
      'import type { A } from "../sdk/a";',
      ["provider/index.ts:1: provider imports sdk/a"],
    ],
    ["faces take types of the provider", "sdk/a.ts", 'import type { A } from "../provider/core/a";', []],
    ["all of them marked one by one too", "sdk/a.ts", 'import { type A, type B } from "../provider/core/a";', []],
    [
      "faces take nothing else of it",
      "sdk/a.ts",
      'import { a, type B } from "../provider/core/a";',
      ["sdk/a.ts:1: faces imports provider/core/a"],
    ],
    [
      "except the version",
      "sdk/a.ts",
      'import { version } from "../provider/version";',
      [],
      { "provider/version.ts": "" },
    ],
    [
      "but name it as a user's program does",
      "sdk/a.ts",
      'export const f = () => require("pulumi-acrn/provider").a;',
      [],
    ],
    [
      "which the provider itself cannot",
      "provider/index.ts",
      'require("pulumi-acrn");',
      ["provider/index.ts:1: provider imports pulumi-acrn"],
    ],
    [
      "the command line imports the provider",
      "sdk/cli/main.ts",
      'import { a } from "../../provider/core/a"; import "zod";',
      [],
    ],
    [
      "a package that users do not get",
      "sdk/cli/main.ts",
      'import "mocha";',
      ["sdk/cli/main.ts:1: command line imports mocha"],
    ],
    ["tests are free", "test/a.test.ts", 'import "mocha"; import "../provider/host/a";', []],
  ];
  for (const [title, file, text, expected, others] of one)
    it(title, () => assert.deepEqual(findings({ [file]: text, ...others }), expected));
});

describe("what the core may not touch without importing it", () => {
  after(removeFolders);

  const rows: [text: string, expected: string | undefined][] = [
    ["export const now = () => Date.now();", "Date.now"],
    ["export const now = () => new Date();", "new Date()"],
    ["export const then = (ms: number) => new Date(ms);", undefined],
    ["export const any = () => Math.random();", "Math.random"],
    ["export const most = Math.max(1, 2);", undefined],
    ["export const home = process.env.HOME;", "process"],
    ["export const f = { process };", "process"],
    ["export const f = (process: { env: string }) => process.env;", undefined],
    ["export const f = (vm: { process: number }) => vm.process;", undefined],
    ["export const f = { process: 1 };", undefined],
    ["setTimeout(() => 0, 1);", "setTimeout"],
    ['export const m = require("zod");', undefined],
    ["export const m = (name: string) => require(name);", "require"],
  ];
  for (const [text, expected] of rows)
    it(text, () =>
      assert.deepEqual(
        findings({ "provider/core/a.ts": text }),
        expected ? [`provider/core/a.ts:1: the core uses ${expected}`] : [],
      ),
    );

  it("other layers may", () =>
    assert.deepEqual(findings({ "provider/host/a.ts": "export const now = Date.now();" }), []));
});

describe("circles", () => {
  after(removeFolders);

  it("is silent about a diamond", () => {
    const files = {
      "test/a.ts": 'import "./b"; import "./c";',
      "test/b.ts": 'import "./d";',
      "test/c.ts": 'import "./d";',
      "test/d.ts": "",
    };
    assert.deepEqual(findings(files), []);
  });

  it("shows the shortest way round, through an index and through types too", () => {
    const files = {
      "provider/core/a/index.ts": 'export * from "./b";',
      "provider/core/a/b.ts": 'import type { C } from "../c";',
      "provider/core/c.ts": 'import { b } from "./a";',
      "provider/core/d.ts": 'import "./c";',
    };
    assert.deepEqual(findings(files), [
      "a circle: provider/core/a/b.ts -> provider/core/c.ts -> provider/core/a/index.ts -> provider/core/a/b.ts",
    ]);
  });

  it("shows each of two knots once", () => {
    const files = { "test/a.ts": 'import "./b";', "test/b.ts": 'import "./a";', "test/c.ts": 'import "./c";' };
    assert.deepEqual(findings(files), [
      "a circle: test/a.ts -> test/b.ts -> test/a.ts",
      "a circle: test/c.ts -> test/c.ts",
    ]);
  });
});
