"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { run } = require("./process");
const { withProgress, say } = require("./progress");
const { ROOT } = require("./paths");

const SOURCES = ["provider", "sdk"];
const SETTINGS = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"];

/** What the last build was made from. Beside dist/, not in it: dist/ is what the package ships. */
const STAMP = path.join("node_modules", ".pulumi-acrn-build");

/**
 * A hash of all that the build reads. Modification times would miss a deleted file and an older one put back.
 * @param {string} [root]
 * @returns {string}
 */
function sourceHash(root = ROOT) {
  const files = [...SETTINGS, ...SOURCES.flatMap((folder) => filesBelow(root, folder))].sort();
  const hash = crypto.createHash("sha256");
  for (const file of files) {
    const bytes = fs.readFileSync(path.join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} folder relative to root
 * @returns {string[]} relative to root
 */
function filesBelow(root, folder) {
  const top = path.join(root, folder);
  if (!fs.existsSync(top)) return [];
  return fs
    .readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

/**
 * @param {string} [root]
 * @returns {boolean} whether dist/ was made from the sources as they are
 */
function isBuilt(root = ROOT) {
  const stamp = path.join(root, STAMP);
  return (
    fs.existsSync(path.join(root, "dist")) &&
    fs.existsSync(stamp) &&
    fs.readFileSync(stamp, "utf8") === sourceHash(root)
  );
}

/**
 * Compiles provider/ and sdk/ to dist/ unless that is done.
 * @param {string} [root]
 */
async function ensureBuild(root = ROOT) {
  if (isBuilt(root)) return;
  const hash = sourceHash(root);
  const fresh = path.join(root, "node_modules", `.pulumi-acrn-dist-${process.pid}`);
  try {
    await compile(root, fresh);
    swap(fresh, path.join(root, "dist"));
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
  fs.writeFileSync(path.join(root, STAMP), hash);
}

/**
 * @param {string} root
 * @param {string} folder
 */
async function compile(root, folder) {
  const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-p", "tsconfig.build.json", "--noEmitOnError", "--pretty", "false", "--outDir", folder];
  const result = await withProgress("building", () => run(process.execPath, args, { cwd: root }));
  if (result.code === 0) return;
  say(result.output.trimEnd());
  throw new Error("the build failed: the compiler's words are above");
}

/**
 * Puts the new folder in the old one's place whole, so that no module of a deleted source stays behind.
 * @param {string} fresh
 * @param {string} place
 */
function swap(fresh, place) {
  const old = `${fresh}-old`;
  if (fs.existsSync(place)) fs.renameSync(place, old);
  fs.renameSync(fresh, place);
  fs.rmSync(old, { recursive: true, force: true });
}

module.exports = { ensureBuild, isBuilt, sourceHash, filesBelow };
