"use strict";
// Runs before anything else, on whatever Node there is: no syntax here that Node 12 does not know.

/**
 * The lowest version that every tool of the clone supports. The package itself runs on any Node 20; mocha 12 and c8 12
 * (`engines` in package-lock.json) ask for 20.19, the first 20.x with `require(esm)`.
 */
const MINIMUM = [20, 19, 0];

/**
 * Why this Node cannot be used here, or undefined when it can.
 * @param {string} version such as `20.19.0`
 * @returns {string | undefined}
 */
function nodeRefusal(version) {
  const parts = version.split(".").map(Number);
  const at = [0, 1, 2].find((i) => (parts[i] || 0) !== MINIMUM[i]);
  if (at === undefined || (parts[at] || 0) > (MINIMUM[at] || 0)) return undefined;
  return (
    `Node ${MINIMUM.join(".")} or newer is needed here, and this is ${version}. The package pulumi-acrn itself runs on ` +
    "every Node 20, but mocha and c8, which test this clone, start only from 20.19 on. " +
    "Install the newest Node 20, 22 or 24 and run the command again."
  );
}

/** Ends the process with a clear word when this Node is too old. */
function ensureNode() {
  const refusal = nodeRefusal(process.versions.node);
  if (refusal === undefined) return;
  console.error(refusal);
  process.exit(1);
}

module.exports = { MINIMUM, nodeRefusal, ensureNode };
