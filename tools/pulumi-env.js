"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { findPulumi } = require("./pulumi-cli");

/** Protects nothing: the state of demos and tests is thrown away. */
const PASSPHRASE = "pulumi-acrn";

/** Set by those who start us (mocha's workers, c8, ts-node), and not meant for what the CLI starts. */
const NOT_FOR_THE_CLI = /^(PULUMI_.*|NODE_V8_COVERAGE|NODE_OPTIONS|TS_NODE_.*|npm_.*)$/;

/**
 * An environment in which the Pulumi CLI runs offline and unattended, with its state and home in `dir`, which is made.
 * Nothing of the user's own Pulumi (login, token, plugins, stack) is seen or touched.
 * @param {string} dir
 * @param {NodeJS.ProcessEnv} [env] where it starts from
 * @returns {Record<string, string>}
 */
function pulumiEnv(dir, env = process.env) {
  const cli = findPulumi(env);
  if (cli === undefined) throw new Error("no Pulumi CLI yet: run `node tools/setup.js`, which finds or makes one");
  const state = path.resolve(dir, "state");
  fs.mkdirSync(state, { recursive: true });
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !NOT_FOR_THE_CLI.test(name));
  return {
    .../** @type {Record<string, string>} */ (Object.fromEntries(kept)),
    // The Node that runs us runs the programs too.
    PATH: [cli, path.dirname(process.execPath), env.PATH].filter(Boolean).join(path.delimiter),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_HOME: path.resolve(dir, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // No offer of an agent below every diagnostic.
    PULUMI_SUPPRESS_NEO_LINK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "1",
  };
}

module.exports = { pulumiEnv };
