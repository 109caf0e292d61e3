"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { filesBelow } = require("./build");
const { ROOT } = require("./paths");
const { run } = require("./process");

/** Of the lines of provider/core, run by test/core. */
const LINES = 95;

/**
 * c8's report over what V8 wrote while test/core ran.
 * @param {string} data folder
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
async function coverageReport(data) {
  const args = [
    ...["report", "--temp-directory", data, "--reports-dir", path.join(ROOT, "coverage"), "--reporter", "text"],
    ...["--all", "--src", path.join("provider", "core"), "--include", "provider/core/**/*.ts", "--skip-full"],
    ...["--check-coverage", "--lines", String(LINES)],
    ...typesOnly().flatMap((file) => ["--exclude", file]),
  ];
  const result = await run(process.execPath, [path.join(ROOT, "node_modules", "c8", "bin", "c8.js"), ...args], {
    cwd: ROOT,
  });
  return { ok: result.code === 0, output: result.output };
}

/**
 * Files that leave no code after compiling: they are never loaded, and would count as not covered.
 * @returns {string[]}
 */
function typesOnly() {
  const ts = require("typescript");
  return filesBelow(ROOT, path.join("provider", "core")).filter((file) => {
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.ESNext, removeComments: true },
    });
    return outputText.replace("export {};", "").trim() === "";
  });
}

module.exports = { LINES, coverageReport };
