"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { isExecutable, which } = require("../paths");
const { OLDEST, newEnough } = require("./version");

/** The Node language host: the engine looks for it on PATH and beside its own executable. */
const LANGUAGE_HOST = "pulumi-language-nodejs";

/**
 * A `pulumi` of the user's own.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ bin: string } | { reason: string }} the folder to put on PATH, or why there is none to use
 */
function findOnPath(env = process.env) {
  const command = which("pulumi", env);
  if (command === undefined) return { reason: "no `pulumi` is on PATH" };
  const bin = [path.dirname(command), path.dirname(fs.realpathSync(command))].find((folder) =>
    isExecutable(path.join(folder, LANGUAGE_HOST)),
  );
  if (bin === undefined) return { reason: `${command} has no ${LANGUAGE_HOST} beside it` };
  const asked = spawnSync(command, ["version"], {
    encoding: "utf8",
    timeout: 20_000,
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" },
  });
  if (asked.status !== 0) return { reason: `\`${command} version\` failed: ${firstLine(asked.stderr)}` };
  if (!newEnough(asked.stdout))
    return { reason: `${command} is ${asked.stdout.trim()}, older than ${OLDEST.join(".")}` };
  return { bin };
}

/**
 * @param {string | null} text
 * @returns {string}
 */
function firstLine(text) {
  return (text ?? "").trim().split("\n")[0] || "no words";
}

module.exports = { LANGUAGE_HOST, findOnPath };
