"use strict";

/** Between two lines about the same work: often enough to show life, seldom enough for a log. */
const EVERY_MS = 5000;

/** @typedef {(line: string) => void} Log */

/**
 * Says what goes on, and says it again with the time that has passed while `work` lasts.
 * @template T
 * @param {string} title
 * @param {(note: (detail: string) => void) => Promise<T>} work `note` sets what the next line adds
 * @param {{ log?: Log | undefined, everyMs?: number }} [options]
 * @returns {Promise<T>}
 */
async function withProgress(title, work, options = {}) {
  const { log = say, everyMs = EVERY_MS } = options;
  const start = Date.now();
  let detail = "";
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  log(`${title} ...`);
  const timer = setInterval(() => log(`${title}: ${seconds()}${detail && `, ${detail}`}`), everyMs);
  try {
    return await work((text) => {
      detail = text;
    });
  } finally {
    clearInterval(timer);
  }
}

/**
 * Everything that set-up says goes to stderr: stdout belongs to the command that follows.
 * @param {string} line
 */
function say(line) {
  process.stderr.write(`${line}\n`);
}

module.exports = { withProgress, say };
