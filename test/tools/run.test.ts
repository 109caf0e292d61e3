import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { counts } from "../../tools/counts";
import { run } from "../../tools/process";
import { withProgress } from "../../tools/progress";
import { runGroup } from "../../tools/run-mocha";
import { testGroups } from "../../tools/test-files";
import { folderWith, removeFolders } from "./folders";

const NEEDS = resolve("test/support/needs");

const MIXED = `
import { needs, optional } from ${JSON.stringify(NEEDS)};
describe("mixed", () => {
  it("passes", () => undefined);
  it("fails", () => { throw new Error("the reason of the failure"); });
  it("lacks data", function () { optional(this, false, "no data"); });
  it("lacks a program", function () { needs(this, false, "no busybox"); });
  it("has a program", function () { needs(this, true, "no dash"); });
  it.skip("skipped plainly", () => undefined);
  describe("a whole suite", () => {
    before(function () { optional(this, false, "no data"); });
    it("one", () => undefined);
    describe("inner", () => { it("two", () => undefined); });
  });
  describe("before each", () => {
    beforeEach(function () { if (this.currentTest?.title === "three") optional(this, false, "no three"); });
    it("three", () => undefined);
    it("four", () => undefined);
  });
});`;

/** Runs one test file as a group, in a process of its own; what it prints is not wanted here. */
function group(text: string, { jobs = 1, env = {} }: { jobs?: number; env?: NodeJS.ProcessEnv } = {}) {
  const root = folderWith({ "one.test.ts": text });
  const one = { name: "one", files: [`${root}/one.test.ts`], jobs, coverage: false, real: false };
  const { CI: _, ...rest } = process.env;
  return runGroup(one, { env: { ...rest, ...env }, quiet: true, endMs: 1500 });
}

describe("a group of tests", () => {
  after(removeFolders);

  for (const jobs of [1, 2])
    it(`counts, and carries the reasons of what was skipped (jobs: ${jobs})`, async () => {
      const results = await group(MIXED, { jobs });
      assert.equal(results.passed, 3);
      assert.equal(results.failed, 1);
      assert.match(results.failures, /mixed\s+fails:[\s\S]*the reason of the failure/);
      const reasons = results.skipped.map(
        ({ title, reason }: { title: string; reason: string }) => `${title}: ${reason}`,
      );
      assert.deepEqual(reasons.sort(), [
        "mixed a whole suite inner two: no data",
        "mixed a whole suite one: no data",
        "mixed before each three: no three",
        "mixed lacks a program: no busybox",
        "mixed lacks data: no data",
        "mixed skipped plainly: no reason given",
      ]);
    });

  it("fails under CI where a real part is missing, and still skips what nobody has to have", async () => {
    const results = await group(MIXED, { env: { CI: "true" } });
    assert.equal(results.failed, 2);
    assert.match(results.failures, /no busybox; under CI that is a failure/);
    assert.equal(results.skipped.length, 5);
  });

  const broken: [title: string, text: string, message: RegExp][] = [
    ["that cannot be loaded", "throw new Error('at load');", /ended with status 1 and no results/],
    ["that ends the process", 'it("ends", () => process.exit(0));', /ended with status 0 and no results/],
    ["with .only", 'it.only("one", () => undefined);', /ended with status \d+ and no results|forbid-only/],
    [
      "that does not end",
      'it("leaks", () => { setInterval(() => 0, 1000); });',
      /does not end: a test left a socket, timer or process open/,
    ],
  ];
  for (const [title, text, message] of broken)
    it(`counts one failure for a file ${title}`, async () => {
      const results = await group(text);
      assert.equal(results.failed, 1);
      assert.match(results.failures, message);
    });
});

describe("npm test", () => {
  it("ends in a line with nothing but the totals, also when nothing matches", () => {
    const done = spawnSync(process.execPath, ["tools/test.js", "no/such/part"], { encoding: "utf8" });
    assert.equal(done.stdout.trimEnd().split("\n").at(-1), "0 passed, 0 failed");
    assert.match(done.stdout, /no test file matches no\/such\/part/);
    assert.equal(done.status, 1);
  });

  it("names skipped tests only where there are some", () => {
    assert.equal(counts({ passed: 3, failed: 0, skipped: 0 }), "3 passed, 0 failed");
    assert.equal(counts({ passed: 3, failed: 1, skipped: 2 }), "3 passed, 1 failed, 2 skipped");
  });
});

describe("the test files of a run", () => {
  after(removeFolders);

  const NAMES = [
    "core/xml/edit",
    "core/xml-more",
    "core/a",
    "new/b",
    "engine/c",
    "package/d",
    "system/e",
    "long/f",
    "acrn/g",
  ];
  const rows: [parts: string[], only: string | undefined, expected: Record<string, string[]>][] = [
    [
      [],
      undefined,
      {
        core: ["core/a", "core/xml-more", "core/xml/edit"],
        "in process": ["new/b"],
        real: ["engine/c", "package/d", "system/e"],
      },
    ],
    [[], "long", { real: ["long/f"] }],
    [[], "acrn", { "in process": ["acrn/g"] }],
    [["core/xml"], undefined, { core: ["core/xml/edit"] }],
    [["test/core/xml/"], undefined, { core: ["core/xml/edit"] }],
    [["./test/core/xml/edit.test.ts", "engine"], undefined, { core: ["core/xml/edit"], real: ["engine/c"] }],
    [["xml"], undefined, {}],
  ];
  for (const [parts, only, expected] of rows)
    it(`${parts.join(" ") || "all"}${only ? `, ${only}` : ""}`, () => {
      const root = folderWith(Object.fromEntries(NAMES.map((name) => [`test/${name}.test.ts`, ""])));
      const found = testGroups(parts, { only, root }).map(({ name, files }: { name: string; files: string[] }) => [
        name,
        files.map((file) => file.replace(/^test\/(.*)\.test\.ts$/, "$1")),
      ]);
      assert.deepEqual(Object.fromEntries(found), expected);
    });
});

describe("a TypeScript file that is run", () => {
  after(removeFolders);

  const CHILD = `
process.on("SIGTERM", () => { console.log("got SIGTERM"); process.exit(7); });
setInterval((): number => 0, 1000);
console.log("ready", process.argv[2]);`;

  it("gets its arguments and our signals, and its exit status is ours", async () => {
    const file = join(folderWith({ "child.ts": CHILD }), "child.ts");
    const code = `require("./tools/run").start(${JSON.stringify(file)}, ["argument"], process.env).then((status) => process.exit(status))`;
    const parent = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    parent.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (text.startsWith("ready")) parent.kill("SIGTERM");
    });
    const [status] = await once(parent, "close");
    assert.equal(output, "ready argument\ngot SIGTERM\n");
    assert.equal(status, 7);
  });
});

describe("running a command", () => {
  it("keeps both streams and the status", async () => {
    assert.deepEqual(await run("sh", ["-c", "echo out; echo err >&2; exit 3"]), {
      code: 3,
      output: "out\nerr\n",
      timedOut: false,
    });
  });

  it("says when there is no such command", async () => {
    const { code, output } = await run("no-such-command-here", []);
    assert.equal(code, 127);
    assert.match(output, /ENOENT/);
  });

  it("ends it and its children at the time limit", async () => {
    // The grandchild holds the pipe open, so that this returns only when it has ended too.
    const result = await run("sh", ["-c", "sleep 60 & wait"], { timeoutMs: 300 });
    assert.equal(result.timedOut, true);
    assert.equal(result.code, 128 + 9);
  }).timeout(10_000);

  it("says what goes on while it lasts", async () => {
    const lines: string[] = [];
    const work = (note: (detail: string) => void) => {
      note("7 packages");
      return new Promise((done) => setTimeout(done, 100, "result"));
    };
    assert.equal(
      await withProgress("compiling", work, { log: (line: string) => lines.push(line), everyMs: 30 }),
      "result",
    );
    assert.equal(lines[0], "compiling ...");
    assert.match(lines[1] ?? "", /^compiling: 0 s, 7 packages$/);
  });
});
