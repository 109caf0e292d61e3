"use strict";
const os = require("node:os");
const { spawn } = require("node:child_process");

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs] after that the process and what it started are ended
 * @property {(text: string) => void} [onOutput] gets both streams as they come
 *
 * @typedef {object} RunResult
 * @property {number} code exit status; 128 + number for a signal, 127 when it could not be started
 * @property {string} output stdout and stderr in the order of their arrival, the last 200 KB
 * @property {boolean} timedOut
 */

const KEEP = 200_000;

/**
 * Runs a command to its end and keeps what it says. Never rejects: how it ended is in the result.
 * It gets a process group of its own, so that a time limit ends its children too.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
function run(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = "";
    let timedOut = false;
    const { cwd, env } = options;
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const forget = endWithUs(child);
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(expire, options.timeoutMs);
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", take);
    child.on("error", (error) => finish(127, `${error.message}\n`));
    child.on("close", (code, signal) => finish(code ?? 128 + signalNumber(signal)));

    /** @param {string} text */
    function take(text) {
      output = (output + text).slice(-KEEP);
      options.onOutput?.(text);
    }
    function expire() {
      timedOut = true;
      endGroup(child);
    }
    /** @param {number} code @param {string} [more] */
    function finish(code, more = "") {
      clearTimeout(timer);
      forget();
      resolve({ code, output: output + more, timedOut });
    }
  });
}

/**
 * A process group of its own is not reached by the Ctrl-C of a terminal: pass it on.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {() => void} stops passing on
 */
function endWithUs(child) {
  const signals = /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  const handlers = signals.map((signal) => {
    const handler = () => {
      endGroup(child);
      process.exit(128 + signalNumber(signal));
    };
    process.once(signal, handler);
    return () => process.removeListener(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

/** @param {import("node:child_process").ChildProcess} child */
function endGroup(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}

/**
 * @param {NodeJS.Signals | null | undefined} signal
 * @returns {number}
 */
function signalNumber(signal) {
  return signal ? (os.constants.signals[signal] ?? 0) : 0;
}

module.exports = { run, endGroup, signalNumber };
