"use strict";
// `npm test [-- PART...]`: sets up, runs the tests and the checks. The last line is `N passed, N failed[, N skipped]`.
// `--long` runs test/long instead, `--acrn` test/acrn. A part is a folder or file of test/ (`core/xml`): then the checks are left out.
const { ensureNode } = require("./node-version");

ensureNode();

const fs = require("node:fs");
const path = require("node:path");
const { runChecks, COVERAGE_DATA } = require("./check");
const { counts } = require("./counts");
const { ensurePackages } = require("./packages");
const { ensureBuild, ensurePulumi } = require("./setup");
const { runGroup } = require("./run-mocha");
const { ensureSystemPackages } = require("./system-packages");
const { testGroups } = require("./test-files");

/** @typedef {import("./mocha-reporter").Results} Results */

async function main() {
  const args = process.argv.slice(2);
  const parts = args.filter((arg) => !arg.startsWith("--"));
  const only = ["long", "acrn"].find((folder) => args.includes(`--${folder}`));
  const groups = testGroups(parts, { only });
  if (groups.length === 0) console.log(`no test file matches ${parts.join(" ") || "test/"}`);
  const whole = args.length === 0;
  /** @type {Results[]} */
  const results = [];
  try {
    await ensurePackages();
    await ensureSystemPackages(groups.flatMap((group) => group.files));
    for (const group of groups) results.push(await runOne(group, whole).catch(failure));
    if (whole) results.push(await checks());
  } catch (error) {
    results.push(failure(error));
  }
  process.exitCode = report(results);
}

/**
 * @param {import("./test-files").Group} group
 * @param {boolean} whole
 * @returns {Promise<Results>}
 */
async function runOne(group, whole) {
  console.log(`\n${group.name}: ${group.files.length} test files`);
  if (group.real) return runReal(group);
  if (!(group.coverage && whole)) return runGroup(group);
  fs.rmSync(COVERAGE_DATA, { recursive: true, force: true });
  return runGroup(group, { env: { ...process.env, NODE_V8_COVERAGE: COVERAGE_DATA } });
}

/**
 * These need dist/ and the CLI. Without the CLI they count as skipped, and under CI as a failure.
 * @param {import("./test-files").Group} group
 * @returns {Promise<Results>}
 */
async function runReal(group) {
  await ensureBuild();
  try {
    const folder = await ensurePulumi();
    const PATH = [folder, process.env.PATH].filter(Boolean).join(path.delimiter);
    return await runGroup(group, { env: { ...process.env, PATH } });
  } catch (error) {
    if (process.env.CI) return failure(error);
    console.log(error instanceof Error ? error.message : error);
    const counted = await runGroup(group, { more: ["--dry-run"], quiet: true });
    const titles = Array.from({ length: counted.passed }, () => ({ title: group.name, reason: "no Pulumi CLI here" }));
    return { ...counted, passed: 0, skipped: [...counted.skipped, ...titles] };
  }
}

/** @returns {Promise<Results>} */
async function checks() {
  console.log("\nchecks");
  const done = await runChecks({ coverageData: fs.existsSync(COVERAGE_DATA) ? COVERAGE_DATA : undefined });
  const failed = done.filter((check) => !check.ok);
  const failures = failed.map((check) => `\n  check ${check.name}:\n${check.output}`).join("\n");
  return { passed: done.length - failed.length, failed: failed.length, skipped: [], failures };
}

/**
 * @param {unknown} error
 * @returns {Results}
 */
function failure(error) {
  const text = error instanceof Error ? error.message : String(error);
  return { passed: 0, failed: 1, skipped: [], failures: `\n  ${text}` };
}

/**
 * Failures, then why tests were skipped, then the totals.
 * @param {Results[]} results
 * @returns {number} the exit status
 */
function report(results) {
  const failures = results.map((result) => result.failures).filter((text) => text !== "");
  if (failures.length > 0) console.log(`\nFailures\n${failures.join("\n")}`);
  const skipped = results.flatMap((result) => result.skipped);
  if (skipped.length > 0) console.log(`\nSkipped\n${skipLines(skipped).join("\n")}`);
  const totals = { passed: 0, failed: 0, skipped: skipped.length };
  for (const result of results) {
    totals.passed += result.passed;
    totals.failed += result.failed;
  }
  const nothingRan = totals.passed + totals.failed === 0;
  if (nothingRan) console.log("\nno test ran");
  console.log(`\n${counts(totals)}`);
  return totals.failed > 0 || nothingRan ? 1 : 0;
}

/**
 * @param {{ title: string, reason: string }[]} skipped
 * @returns {string[]}
 */
function skipLines(skipped) {
  /** @type {Map<string, string[]>} */
  const byReason = new Map();
  for (const { title, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), title]);
  return [...byReason].map(([reason, titles]) => {
    const first = titles.slice(0, 3).join("; ");
    const more = titles.length > 3 ? `; and ${titles.length - 3} more` : "";
    return `  ${titles.length}: ${reason} (${first}${more})`;
  });
}

main();
