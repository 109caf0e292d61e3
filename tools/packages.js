"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { run } = require("./process");
const { withProgress, say } = require("./progress");
const { ROOT } = require("./paths");

/** @typedef {{ version?: string, resolved?: string, integrity?: string, link?: boolean, optional?: boolean }} Locked */

/**
 * What package-lock.json asks for and node_modules does not have, by path. npm writes what it installed to the hidden
 * lockfile node_modules/.package-lock.json, as its last step (docs of npm, "package-lock.json": hidden lockfiles),
 * so an install that was cut off, or one by another package manager, counts as nothing.
 * @param {string} [root]
 * @returns {string[]} empty when the installed packages are the locked ones
 */
function missingPackages(root = ROOT) {
  const wanted = readPackages(path.join(root, "package-lock.json"));
  if (wanted === undefined) throw new Error("package-lock.json is missing: this is no complete clone");
  const installed = readPackages(path.join(root, "node_modules", ".package-lock.json")) ?? {};
  return Object.entries(wanted)
    .filter(([name, entry]) => name !== "" && !satisfied(entry, installed[name]))
    .map(([name]) => name);
}

/**
 * @param {Locked} wanted
 * @param {Locked | undefined} found
 * @returns {boolean}
 */
function satisfied(wanted, found) {
  // A package for another platform is locked as optional and not installed.
  if (found === undefined) return wanted.optional === true;
  return wanted.version === found.version && wanted.integrity === found.integrity && wanted.link === found.link;
}

/**
 * @param {string} file
 * @returns {Record<string, Locked> | undefined}
 */
function readPackages(file) {
  if (!fs.existsSync(file)) return undefined;
  return JSON.parse(fs.readFileSync(file, "utf8")).packages;
}

/**
 * Installs the locked npm packages unless they are there.
 * @param {string} [root]
 */
async function ensurePackages(root = ROOT) {
  const missing = missingPackages(root);
  if (missing.length === 0) return;
  const [command, ...first] = npmCommand(process.env);
  const args = [...first, "ci", "--no-audit", "--no-fund"];
  const result = await withProgress(`installing ${missing.length} npm packages`, () =>
    run(command, args, { cwd: root, env: process.env }),
  );
  if (result.code === 0) return;
  say(result.output.trimEnd());
  throw new Error(
    `npm ci ended with status ${result.code} (its words are above). It needs npm on PATH and a registry: ` +
      "see whether `npm ping` answers and `npm config get registry` is the one that you mean, then run the command again.",
  );
}

/**
 * The npm that runs us, else the one on PATH.
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
function npmCommand(env) {
  const own = env.npm_execpath;
  return own && path.basename(own) === "npm-cli.js" ? [process.execPath, own] : ["npm"];
}

module.exports = { ensurePackages, missingPackages, npmCommand };
