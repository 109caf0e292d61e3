"use strict";

/**
 * The plain words that end a run of tests.
 * @param {{ passed: number, failed: number, skipped: number }} totals
 * @returns {string}
 */
function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

module.exports = { counts };
