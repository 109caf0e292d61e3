"use strict";
const fs = require("node:fs");
const util = require("node:util");
const mocha = require("mocha");
const { counts } = require("./counts");

/**
 * A mocha reporter for long runs: a line for each top-level suite, and one for each test that fails or is slow, as they end.
 * What the end of the whole run needs goes to the file in the option `results`.
 *
 * @typedef {object} Results
 * @property {number} passed
 * @property {number} failed
 * @property {{ title: string, reason: string }[]} skipped
 * @property {string} failures mocha's list of the failures, with stacks and differences, or nothing
 *
 * @typedef {{ err: any, titlePath: () => string[] }} Failure what `Base.list` reads of a failed test
 */

/** A test that took longer gets a line of its own, which shows where the time of a run goes. */
const SLOW_MS = 2000;

/** How test/support/needs.ts carries a reason through mocha, which has no place for one: at the end of the title. */
const SKIPPED = /^(.*) \[skipped: (.*)\]$/s;

/**
 * @param {import("mocha").Runner} runner
 * @param {{ reporterOptions?: { results?: string } }} options
 */
function Reporter(runner, options) {
  /** @type {Results} */
  const results = { passed: 0, failed: 0, skipped: [], failures: "" };
  /** @type {Failure[]} */
  const failed = [];
  let line = { passed: 0, failed: 0, skipped: 0 };
  const print = mocha.reporters.Base.consoleLog;

  runner.on("pass", (test) => {
    results.passed++;
    line.passed++;
    if ((test.duration ?? 0) > SLOW_MS) print(`        ${seconds(test.duration)}  ${test.fullTitle()}`);
  });
  runner.on("fail", (test, err) => {
    results.failed++;
    line.failed++;
    failed.push({ err, titlePath: () => test.titlePath() });
    print(`FAILED  ${test.fullTitle()}`);
  });
  runner.on("pending", (test) => {
    line.skipped++;
    results.skipped.push(skipOf(test.fullTitle()));
  });
  // Counted, not asked: with --parallel a suite arrives as a copy that does not know its parents.
  let depth = 0;
  runner.on("suite", (suite) => {
    if (!suite.root) depth++;
  });
  runner.on("suite end", (suite) => {
    if (suite.root || --depth > 0) return;
    print(`${line.failed > 0 ? "FAILED" : "ok    "}  ${suite.title}: ${counts(line)}`);
    line = { passed: 0, failed: 0, skipped: 0 };
  });
  runner.once("end", () => {
    results.failures = listOf(failed);
    const file = options.reporterOptions?.results;
    if (file) fs.writeFileSync(file, JSON.stringify(results));
    else print(`${results.failures}\n${counts({ ...results, skipped: results.skipped.length })}`);
  });
}

/**
 * @param {string} fullTitle
 * @returns {{ title: string, reason: string }}
 */
function skipOf(fullTitle) {
  const found = SKIPPED.exec(fullTitle);
  return found ? { title: found[1] ?? "", reason: found[2] ?? "" } : { title: fullTitle, reason: "no reason given" };
}

/**
 * Mocha's own list, as a text.
 * @param {Failure[]} failed
 * @returns {string}
 */
function listOf(failed) {
  if (failed.length === 0) return "";
  const { Base } = mocha.reporters;
  const print = Base.consoleLog;
  /** @type {string[]} */
  const lines = [];
  Base.consoleLog = (...args) => lines.push(util.format(...args));
  try {
    Base.list(/** @type {any} */ (failed));
  } finally {
    Base.consoleLog = print;
  }
  return lines.join("\n");
}

/**
 * @param {number | undefined} ms
 * @returns {string}
 */
function seconds(ms) {
  return `${((ms ?? 0) / 1000).toFixed(1)} s`;
}

module.exports = Reporter;
