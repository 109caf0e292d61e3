"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

/** The oldest CLI of the user's own that we run: below it `refresh --preview-only` is missing. */
const OLDEST = [3, 200, 0];

/** The Go modules that the last resort builds, and the pin for the installer: folder here, package, binary. */
const MODULES = [
  { folder: "pulumi", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", binary: "pulumi" },
  {
    folder: "nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    binary: "pulumi-language-nodejs",
  },
];

/**
 * The version of the CLI that go.mod pins: the one place where it is written.
 * @returns {string} such as `3.259.0`
 */
function pinnedVersion() {
  const text = fs.readFileSync(path.join(__dirname, "pulumi", "go.mod"), "utf8");
  const found = /^\s*(?:require\s+)?github\.com\/pulumi\/pulumi\/pkg\/v3 v(\d+\.\d+\.\d+)\b/m.exec(text);
  if (!found?.[1])
    throw new Error("tools/pulumi-cli/pulumi/go.mod names no version of github.com/pulumi/pulumi/pkg/v3");
  return found[1];
}

/**
 * The name of the folder in the cache: another version, another dependency or another processor is another folder.
 * @returns {string}
 */
function cacheName() {
  const hash = crypto.createHash("sha256").update(`${process.platform}-${process.arch}\0`);
  for (const { folder } of MODULES)
    for (const file of ["go.mod", "go.sum"])
      hash.update(fs.readFileSync(path.join(__dirname, folder, file))).update("\0");
  return `pulumi-${pinnedVersion()}-${hash.digest("hex").slice(0, 12)}`;
}

/**
 * @param {string} text what `pulumi version` prints: `v3.259.0`, also with a suffix
 * @returns {boolean}
 */
function newEnough(text) {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim());
  if (!found) return false;
  const version = found.slice(1).map(Number);
  const at = OLDEST.findIndex((oldest, i) => version[i] !== oldest);
  return at === -1 || (version[at] ?? 0) > (OLDEST[at] ?? 0);
}

module.exports = { OLDEST, MODULES, pinnedVersion, cacheName, newEnough };
