"use strict";
const path = require("node:path");
const { filesBelow } = require("./build");
const { ROOT } = require("./paths");

/** Folders of test/ whose tests start real programs for seconds each: after the others. Each file has hosts of its own. */
const REAL = ["demo", "engine", "package", "system"];

/** Only run when asked for: `npm run test:long`, `npm run test:acrn`. */
const ASKED = ["long", "acrn"];

/**
 * @typedef {object} Group
 * @property {string} name
 * @property {string[]} files relative to the root
 * @property {number} jobs mocha's processes at a time
 * @property {boolean} coverage whether these tests are those that count for the coverage of provider/core
 * @property {boolean} real whether they need the Pulumi CLI
 */

/**
 * The test files of a run, in the groups in which they run. A new folder in test/ is in it without being named anywhere.
 * @param {string[]} parts `core/xml`, `test/core/xml`, or a file; none means all
 * @param {{ only?: string | undefined, root?: string }} [options] `only`: a folder of those that are asked for, instead of all others
 * @returns {Group[]}
 */
function testGroups(parts, { only, root = ROOT } = {}) {
  const wanted = filesBelow(root, "test")
    .filter((file) => file.endsWith(".test.ts") && (only ? topOf(file) === only : !ASKED.includes(topOf(file))))
    .filter((file) => parts.length === 0 || parts.some((part) => within(file, part)))
    .sort();
  const core = wanted.filter((file) => topOf(file) === "core");
  const real = wanted.filter((file) => only === "long" || REAL.includes(topOf(file)));
  const rest = wanted.filter((file) => !core.includes(file) && !real.includes(file));
  return [
    { name: "core", files: core, jobs: 2, coverage: true, real: false },
    { name: "in process", files: rest, jobs: 2, coverage: false, real: false },
    { name: "real", files: real, jobs: 2, coverage: false, real: true },
  ].filter((group) => group.files.length > 0);
}

/**
 * @param {string} file
 * @returns {string}
 */
function topOf(file) {
  return file.split(path.sep)[1] ?? "";
}

/**
 * @param {string} file
 * @param {string} part
 * @returns {boolean}
 */
function within(file, part) {
  const asked = part.replace(/^\.?\/?(test\/)?/, "").replace(/\/+$/, "");
  const name = file.slice("test/".length);
  return name === asked || name.startsWith(`${asked}/`) || name.startsWith(`${asked}.`);
}

module.exports = { testGroups };
