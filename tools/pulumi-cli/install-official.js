"use strict";
// `node install-official.js ROOT VERSION`: a process of its own, so that it can be given a time limit.
const { PulumiCommand } = require("@pulumi/pulumi/automation");

// Its own copy: the version is checked with `instanceof`.
const semver = require.resolve("semver", { paths: [require.resolve("@pulumi/pulumi/automation")] });
const { SemVer } = require(semver);

const [root = "", version = ""] = process.argv.slice(2);
PulumiCommand.install({ root, version: new SemVer(version) }).catch((/** @type {Error} */ error) => {
  console.error(error.message);
  process.exit(1);
});
