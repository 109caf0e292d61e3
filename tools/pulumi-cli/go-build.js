"use strict";
const { spawnSync } = require("node:child_process");
const path = require("node:path");
const { which } = require("../paths");
const { run } = require("../process");
const { withProgress } = require("../progress");
const { MODULES, pinnedVersion } = require("./version");

/** From 1.21 on, go fetches the toolchain that go.mod asks for (go.dev/doc/toolchain); older ones do not know how. */
const FETCHES_TOOLCHAIN = 21;

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ go: string } | { reason: string }}
 */
function findGo(env = process.env) {
  const go = which("go", env);
  if (go === undefined) return { reason: "no `go` is on PATH" };
  const said = spawnSync(go, ["version"], { encoding: "utf8", timeout: 20_000, env, cwd: __dirname }).stdout ?? "";
  const found = /\bgo1\.(\d+)/.exec(said);
  if (!found) return { reason: `\`${go} version\` does not name a version` };
  if (Number(found[1]) < FETCHES_TOOLCHAIN) return { reason: `${go} is ${found[0]}, and 1.26 is needed` };
  return { go };
}

/**
 * Compiles the CLI and its Node language host from the modules that go.sum pins.
 * @param {string} go
 * @param {string} bin where the binaries go
 * @param {NodeJS.ProcessEnv} [env]
 * @param {import("../progress").Log} [log]
 */
async function buildWithGo(go, bin, env = process.env, log = undefined) {
  // No C compiler needed, and a folder above the clone must not turn this into a part of its workspace.
  const goEnv = { ...env, CGO_ENABLED: "0", GOWORK: "off" };
  for (const module of MODULES) {
    const title = `compiling ${module.binary} (once for all clones; some minutes and 1.5 GB of Go's caches)`;
    const cwd = path.join(__dirname, module.folder);
    /** @param {(detail: string) => void} note */
    const work = (note) => run(go, buildArguments(module, bin), { cwd, env: goEnv, onOutput: counter(note) });
    const result = await withProgress(title, work, { log });
    if (result.code !== 0) throw new Error(`go build of ${module.binary} failed: ${lastLines(result.output)}`);
  }
}

/**
 * @param {{ package: string, binary: string }} module
 * @param {string} bin
 * @returns {string[]}
 */
function buildArguments(module, bin) {
  // The CLI takes its version from this variable only; without it, it calls itself a development build.
  const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pinnedVersion()}`;
  const output = path.join(bin, module.binary);
  return ["build", "-v", "-mod=readonly", "-trimpath", "-ldflags", `-s -w ${version}`, "-o", output, module.package];
}

/**
 * Turns what `go build -v` says, a line for each download and each compiled package, into a count.
 * @param {(detail: string) => void} note
 * @returns {(text: string) => void}
 */
function counter(note) {
  let downloads = 0;
  let packages = 0;
  return (text) => {
    const lines = text.split("\n").filter((line) => line !== "");
    const fetched = lines.filter((line) => line.startsWith("go: downloading")).length;
    downloads += fetched;
    packages += lines.length - fetched;
    note(packages > 0 ? `${packages} packages` : `${downloads} modules downloaded`);
  };
}

/**
 * @param {string} output
 * @returns {string}
 */
function lastLines(output) {
  return output.trim().split("\n").slice(-3).join("\n  ");
}

module.exports = { findGo, buildWithGo };
