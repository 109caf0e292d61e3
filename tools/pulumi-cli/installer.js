"use strict";
const https = require("node:https");
const path = require("node:path");
const { ROOT } = require("../paths");
const { run } = require("../process");
const { withProgress } = require("../progress");
const { pinnedVersion } = require("./version");

const PROBE_MS = 4000;
const INSTALL_MS = 5 * 60 * 1000;

/**
 * Whether the official installer can be had. Without internet the name does not resolve, which says so at once;
 * a network that drops packets costs the probe's time.
 * @returns {Promise<boolean>}
 */
function internetReached() {
  return new Promise((resolve) => {
    const request = https.request("https://get.pulumi.com/install.sh", { method: "HEAD" }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400);
    });
    const timer = setTimeout(() => request.destroy(), PROBE_MS);
    request.on("error", () => resolve(false));
    request.on("close", () => {
      clearTimeout(timer);
      resolve(false);
    });
    request.end();
  });
}

/**
 * The official installer, as the Automation API runs it (`PulumiCommand.install`), with the version that we pin.
 * @param {string} bin where the binaries go
 * @param {import("../progress").Log} [log]
 */
async function install(bin, log) {
  // The installer puts the binaries into the folder `bin` of its root.
  const root = path.dirname(bin);
  const title = `downloading Pulumi ${pinnedVersion()} with the official installer`;
  const work = () =>
    run(process.execPath, [path.join(__dirname, "install-official.js"), root, pinnedVersion()], {
      cwd: ROOT,
      timeoutMs: INSTALL_MS,
    });
  const result = await withProgress(title, work, { log });
  if (result.timedOut) throw new Error(`not done after ${INSTALL_MS / 60_000} minutes`);
  if (result.code !== 0) throw new Error(result.output.trim().split("\n").slice(-3).join(" "));
}

module.exports = { internetReached, install };
