"use strict";
// `node tools/setup.js [build]`: makes a fresh clone ready; with `build`, only packages and dist/.
const { ensureNode } = require("./node-version");

ensureNode();

const { ensureBuild } = require("./build");
const { ensurePackages } = require("./packages");
const { say } = require("./progress");
const { ensurePulumi } = require("./pulumi-cli");

/**
 * Everything that a run in this clone needs.
 * @param {{ pulumi: boolean }} needs whether the Pulumi CLI is needed too
 * @returns {Promise<string | undefined>} the folder to put first on PATH, when the CLI was asked for
 */
async function setup({ pulumi }) {
  await ensurePackages();
  await ensureBuild();
  return pulumi ? ensurePulumi() : undefined;
}

/**
 * For commands: says what went wrong without a stack, which helps nobody who is setting up, and ends.
 * @param {unknown} error
 * @returns {never}
 */
function giveUp(error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function main() {
  const folder = await setup({ pulumi: process.argv[2] !== "build" });
  if (folder !== undefined) say(`ready; the Pulumi CLI is in ${folder}`);
}

if (require.main === module) main().catch(giveUp);

module.exports = { ensureNode, ensurePackages, ensureBuild, ensurePulumi, setup, giveUp };
