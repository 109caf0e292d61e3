"use strict";
// `npm run check`: types, style, import directions and coverage, each `ok` or `FAILED`.
const { ensureNode } = require("./node-version");

ensureNode();

const fs = require("node:fs");
const path = require("node:path");
const { filesBelow } = require("./build");
const { checkImports } = require("./check-imports");
const { LINES, coverageReport } = require("./coverage");
const { ROOT } = require("./paths");
const { run } = require("./process");
const { testGroups } = require("./test-files");

/** Where V8 writes what test/core covered. */
const COVERAGE_DATA = path.join(ROOT, "coverage", "data");

/** Beyond this a file is worth a look: is there more than one idea in it? */
const LONG_FILE = 200;

/**
 * @typedef {{ ok: boolean, output: string }} Verdict
 * @typedef {Verdict & { name: string }} Check
 */

/**
 * Runs all checks, says each on a line as it ends, and shows the words of those that failed.
 * @param {{ coverageData?: string | undefined }} [options] coverage of a run of test/core that has just been
 * @returns {Promise<Check[]>}
 */
async function runChecks({ coverageData } = {}) {
  const all = [
    { name: "types", check: types },
    { name: "style (biome)", check: style },
    { name: "import directions", check: async () => verdictOf(checkImports()) },
    { name: `coverage of provider/core, ${LINES} % of lines`, check: () => coverage(coverageData) },
  ];
  const done = [];
  for (const { name, check } of all) {
    const verdict = await check();
    console.log(`${verdict.ok ? "ok    " : "FAILED"}  ${name}`);
    done.push({ name, ...verdict });
  }
  noteLongFiles();
  return done;
}

/**
 * The root's settings over everything, and over tools/, whose types the tests need too.
 * @returns {Promise<Verdict>}
 */
function types() {
  return tool("typescript/bin/tsc", ["--noEmit", "--pretty", "false", "-p", "tools/tsconfig.json"]);
}

/** @returns {Promise<Verdict>} */
function style() {
  return tool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "--max-diagnostics=50", "--colors=off"]);
}

/**
 * @param {string} file in node_modules
 * @param {string[]} args
 * @returns {Promise<Verdict>}
 */
async function tool(file, args) {
  const result = await run(process.execPath, [path.join(ROOT, "node_modules", file), ...args], { cwd: ROOT });
  return { ok: result.code === 0, output: result.output };
}

/**
 * @param {string | undefined} data
 * @returns {Promise<Verdict>}
 */
async function coverage(data) {
  if (data !== undefined) return coverageReport(data);
  const { runGroup } = require("./run-mocha");
  fs.rmSync(COVERAGE_DATA, { recursive: true, force: true });
  const env = { ...process.env, NODE_V8_COVERAGE: COVERAGE_DATA };
  for (const group of testGroups(["core"])) {
    const { failed, failures } = await runGroup(group, { env });
    if (failed > 0) return { ok: false, output: `tests of the core fail, so their coverage says nothing\n${failures}` };
  }
  return coverageReport(COVERAGE_DATA);
}

/**
 * @param {string[]} lines
 * @returns {Verdict}
 */
function verdictOf(lines) {
  return { ok: lines.length === 0, output: lines.map((line) => `${line}\n`).join("") };
}

function noteLongFiles() {
  for (const file of ["provider", "sdk", "examples"].flatMap((folder) => filesBelow(ROOT, folder))) {
    if (!file.endsWith(".ts") || file.includes("node_modules")) continue;
    const lines = fs.readFileSync(path.join(ROOT, file), "utf8").split("\n").length - 1;
    if (lines > LONG_FILE) console.log(`note    ${file} has ${lines} lines: is there more than one idea in it?`);
  }
}

async function main() {
  const { ensurePackages } = require("./packages");
  await ensurePackages();
  const done = await runChecks();
  const failed = done.filter((check) => !check.ok);
  for (const { name, output } of failed) console.log(`\n${name}:\n${output}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

if (require.main === module) main().catch(require("./setup").giveUp);

module.exports = { COVERAGE_DATA, runChecks };
