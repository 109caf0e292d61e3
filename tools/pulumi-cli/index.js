"use strict";
const { say } = require("../progress");
const { findInCache, fillCache } = require("./cache");
const { findGo, buildWithGo } = require("./go-build");
const { internetReached, install } = require("./installer");
const { findOnPath } = require("./on-path");
const { OLDEST, pinnedVersion } = require("./version");

/**
 * @typedef {object} Options
 * @property {NodeJS.ProcessEnv} [env] PATH and the place of the cache
 * @property {() => Promise<boolean>} [online] whether the official installer can be reached
 * @property {import("../progress").Log} [log]
 */

/**
 * The folder of a Pulumi CLI that is there already.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
function findPulumi(env = process.env) {
  const own = findOnPath(env);
  return "bin" in own ? own.bin : findInCache(env);
}

/**
 * The folder of a Pulumi CLI, to be put first on PATH: the user's own, the cached one, the official installer's, or one
 * that Go compiles, in that order.
 * @param {Options} [options]
 * @returns {Promise<string>}
 */
async function ensurePulumi(options = {}) {
  const { env = process.env, online = internetReached, log = say } = options;
  const own = findOnPath(env);
  if ("bin" in own) return own.bin;
  const cached = findInCache(env);
  if (cached !== undefined) return cached;
  /** @type {Attempt} */
  const attempt = { env, log, reasons: [own.reason] };
  const made = (await officially(attempt, online)) ?? (await compiled(attempt));
  if (made === undefined) throw new Error(nothingThere(attempt.reasons));
  return made;
}

/** @typedef {{ env: NodeJS.ProcessEnv, log: import("../progress").Log, reasons: string[] }} Attempt `reasons`: why each way failed */

/**
 * @param {Attempt} attempt
 * @param {() => Promise<boolean>} online
 * @returns {Promise<string | undefined>}
 */
async function officially(attempt, online) {
  if (!(await online())) {
    attempt.reasons.push("the official installer at get.pulumi.com is not reached from here");
    return undefined;
  }
  return fill(attempt, "the official installer failed", (bin) => install(bin, attempt.log));
}

/**
 * @param {Attempt} attempt
 * @returns {Promise<string | undefined>}
 */
async function compiled(attempt) {
  const found = findGo(attempt.env);
  if ("reason" in found) {
    attempt.reasons.push(found.reason);
    return undefined;
  }
  return fill(attempt, "compiling it failed", (bin) => buildWithGo(found.go, bin, attempt.env, attempt.log));
}

/**
 * @param {Attempt} attempt
 * @param {string} failure how it is called when it fails
 * @param {(bin: string) => Promise<void>} make
 * @returns {Promise<string | undefined>}
 */
async function fill({ env, log, reasons }, failure, make) {
  try {
    return await fillCache(env, make);
  } catch (error) {
    log(failure);
    reasons.push(`${failure}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/**
 * @param {string[]} reasons
 * @returns {string}
 */
function nothingThere(reasons) {
  return [
    "The Pulumi CLI is needed, and there is no way to get it here:",
    ...reasons.map((reason) => `- ${reason}`),
    `Do one of these and run the command again: install Pulumi ${OLDEST.join(".")} or newer (pulumi.com/docs/install) so that ` +
      "`pulumi` and `pulumi-language-nodejs` are in one folder on PATH; let this machine reach get.pulumi.com; or install " +
      `Go 1.26 or newer with a module proxy (see \`go env GOPROXY\`), from which Pulumi ${pinnedVersion()} is then compiled.`,
  ].join("\n");
}

module.exports = { findPulumi, ensurePulumi };
