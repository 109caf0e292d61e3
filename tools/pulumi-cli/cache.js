"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { ROOT, cacheHome, isExecutable } = require("../paths");
const { LANGUAGE_HOST } = require("./on-path");
const { cacheName } = require("./version");

/** The script that starts the process of dynamic resources; the npm package ships it and the engine wants it beside `pulumi`. */
const DYNAMIC_SCRIPT = "pulumi-resource-pulumi-nodejs";
const COMPLETE = ["pulumi", LANGUAGE_HOST, DYNAMIC_SCRIPT];

/** A folder of a build that was killed: nobody builds for a day. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} the cached folder with the CLI
 */
function findInCache(env = process.env) {
  const bin = path.join(cacheHome(env), cacheName(), "bin");
  return isComplete(bin) ? bin : undefined;
}

/**
 * @param {string} bin
 * @returns {boolean}
 */
function isComplete(bin) {
  return COMPLETE.every((name) => isExecutable(path.join(bin, name)));
}

/**
 * Fills the cache: `make` writes into a folder of its own beside the place, and only what is complete is renamed into it.
 * Two clones that do so at once both work, the first one's result stays, and neither ever sees half of one.
 * @param {NodeJS.ProcessEnv} env
 * @param {(bin: string) => Promise<void>} make
 * @returns {Promise<string>} the folder with the CLI
 */
async function fillCache(env, make) {
  const home = cacheHome(env);
  const place = path.join(home, cacheName());
  fs.mkdirSync(home, { recursive: true });
  dropAbandoned(home);
  const work = fs.mkdtempSync(path.join(home, ".new-"));
  try {
    const bin = path.join(work, "cli", "bin");
    fs.mkdirSync(bin, { recursive: true });
    await make(bin);
    addDynamicScript(bin);
    const missing = COMPLETE.filter((name) => !isExecutable(path.join(bin, name)));
    if (missing.length > 0) throw new Error(`it made no ${missing.join(", ")}`);
    putInPlace(work, place);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return path.join(place, "bin");
}

/** @param {string} bin */
function addDynamicScript(bin) {
  const target = path.join(bin, DYNAMIC_SCRIPT);
  if (fs.existsSync(target)) return;
  // It finds the SDK from its working directory, so it holds nothing of this clone.
  fs.copyFileSync(path.join(ROOT, "node_modules", "@pulumi", "pulumi", DYNAMIC_SCRIPT), target);
  fs.chmodSync(target, 0o755);
}

/**
 * @param {string} work
 * @param {string} place
 */
function putInPlace(work, place) {
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      fs.renameSync(path.join(work, "cli"), place);
      return;
    } catch (error) {
      // rename(2) does not replace a folder that holds something: another clone was faster, or someone removed a file.
      if (!["EEXIST", "ENOTEMPTY"].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? "")) throw error;
      if (isComplete(path.join(place, "bin"))) return;
      fs.renameSync(place, path.join(work, `broken-${attempt}`));
    }
  }
  throw new Error(`${place} changes while it is filled`);
}

/** @param {string} home */
function dropAbandoned(home) {
  for (const name of fs.readdirSync(home).filter((entry) => entry.startsWith(".new-"))) {
    const folder = path.join(home, name);
    const age = Date.now() - (fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > ABANDONED_MS) fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { DYNAMIC_SCRIPT, findInCache, fillCache };
