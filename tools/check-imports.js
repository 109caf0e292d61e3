"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { filesBelow } = require("./build");
const { circles } = require("./imports/cycles");
const { impurities } = require("./imports/purity");
const { brokenRule } = require("./imports/rules");
const { importsOf, parse } = require("./imports/scan");
const { ROOT } = require("./paths");

const FOLDERS = ["provider", "sdk", "examples", "test"];

/**
 * Arrows between the layers go one way, nothing goes in a circle, and the core touches nothing outside.
 * @param {string} [root]
 * @returns {string[]} what is wrong, a line each
 */
function checkImports(root = ROOT) {
  const sources = FOLDERS.flatMap((folder) => filesBelow(root, folder))
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .sort()
    .map((file) => parse(root, file));
  const imports = sources.flatMap((source) => importsOf(root, source));
  const dependencies = declaredFor(root);
  const broken = imports.flatMap((imported) => brokenRule(imported, { dependencies }) ?? []);
  const impure = sources.filter((source) => source.fileName.startsWith("provider/core/")).flatMap(impurities);
  const round = circles(imports.filter((imported) => imported.local)).map(
    (circle) => `a circle: ${circle.join(" -> ")}`,
  );
  return [...broken, ...impure, ...round];
}

/**
 * @param {string} root
 * @returns {string[]} the packages that a user's install brings
 */
function declaredFor(root) {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    fs.readFileSync(path.join(root, "package.json"), "utf8"),
  );
  return Object.keys({ ...dependencies, ...peerDependencies });
}

module.exports = { checkImports };
