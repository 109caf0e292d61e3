"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/** The root of the clone. */
const ROOT = path.resolve(__dirname, "..");

/**
 * Where things are kept that several clones share.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
function cacheHome(env = process.env) {
  // XDG Base Directory Specification: a relative path in the variable is invalid and is to be ignored.
  const given = env.XDG_CACHE_HOME;
  const base = given && path.isAbsolute(given) ? given : path.join(env.HOME || os.homedir(), ".cache");
  return path.join(base, "pulumi-acrn");
}

/**
 * The executable file of that name in the first folder of PATH that has one.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
function which(name, env = process.env) {
  const folders = (env.PATH || "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/**
 * @param {string} file
 * @returns {boolean}
 */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

module.exports = { ROOT, cacheHome, which, isExecutable };
