"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { ROOT } = require("./paths");

/** After its last test a run has this long to end; what keeps it alive then is a leak of a test. */
const END_MS = 15_000;
const REAL_TIMEOUT_MS = 600_000;

/**
 * @typedef {import("./mocha-reporter").Results} Results
 *
 * @typedef {object} Options
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string[]} [more] arguments for mocha
 * @property {boolean} [quiet] only the results count
 * @property {number} [endMs]
 */

/**
 * Runs mocha over one group, its words streaming to ours.
 * @param {import("./test-files").Group} group
 * @param {Options} [options]
 * @returns {Promise<Results>}
 */
async function runGroup(group, options = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-acrn-test-"));
  const file = path.join(folder, "results.json");
  try {
    const ended = await mocha([...argumentsFor(group, file), ...(options.more ?? []), ...group.files], file, options);
    return judge(group, ended, readResults(file));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import("./test-files").Group} group
 * @param {string} file
 * @returns {string[]}
 */
function argumentsFor(group, file) {
  const reporter = ["--reporter", path.join(__dirname, "mocha-reporter.js"), "--reporter-option", `results=${file}`];
  const parallel = group.jobs > 1 ? ["--parallel", "--jobs", String(group.jobs)] : [];
  const timeout = group.real ? ["--timeout", String(REAL_TIMEOUT_MS)] : [];
  return [...reporter, ...parallel, ...timeout, "--forbid-only"];
}

/**
 * @param {string[]} args
 * @param {string} file appears with the end of the last test
 * @param {Options} options
 * @returns {Promise<{ code: number | null, hung: boolean }>}
 */
function mocha(args, file, { env = process.env, quiet = false, endMs = END_MS }) {
  return new Promise((resolve, reject) => {
    const command = path.join(ROOT, "node_modules", "mocha", "bin", "mocha.js");
    const words = quiet ? "ignore" : "inherit";
    const child = spawn(process.execPath, [command, ...args], { cwd: ROOT, env, stdio: ["ignore", words, words] });
    let hung = false;
    /** @type {number | undefined} */
    let done;
    const watch = setInterval(() => {
      if (!fs.existsSync(file)) return;
      done ??= Date.now();
      if (Date.now() - done < endMs) return;
      hung = true;
      child.kill("SIGKILL");
    }, 200);
    child.on("error", reject);
    child.on("exit", (code) => {
      clearInterval(watch);
      resolve({ code, hung });
    });
  });
}

/**
 * @param {string} file
 * @returns {Results | undefined}
 */
function readResults(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : undefined;
}

/**
 * What the tests said, and what they could not say: a run that died, or that does not end.
 * @param {import("./test-files").Group} group
 * @param {{ code: number | null, hung: boolean }} ended
 * @param {Results | undefined} results
 * @returns {Results}
 */
function judge(group, { code, hung }, results) {
  const found = results ?? { passed: 0, failed: 0, skipped: [], failures: "" };
  if (results === undefined)
    return withFailure(found, `the group "${group.name}" ended with status ${code} and no results`);
  if (hung)
    return withFailure(found, `the group "${group.name}" does not end: a test left a socket, timer or process open`);
  if (code !== 0 && found.failed === 0)
    return withFailure(found, `the group "${group.name}" ended with status ${code} though no test failed`);
  return found;
}

/**
 * @param {Results} results
 * @param {string} text
 * @returns {Results}
 */
function withFailure(results, text) {
  return { ...results, failed: results.failed + 1, failures: `${results.failures}\n  ${text}\n` };
}

module.exports = { runGroup, withFailure };
