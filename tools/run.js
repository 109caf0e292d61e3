"use strict";
// `node tools/run.js [--pulumi] FILE.ts [ARGUMENT...]`: sets up, then runs a TypeScript file of the clone.
const { ensureNode } = require("./node-version");

ensureNode();

const { spawn } = require("node:child_process");
const path = require("node:path");
const { ROOT } = require("./paths");
const { signalNumber } = require("./process");
const { setup, giveUp } = require("./setup");

async function main() {
  const args = process.argv.slice(2);
  const pulumi = args[0] === "--pulumi";
  if (pulumi) args.shift();
  const [file, ...rest] = args;
  if (file === undefined) throw new Error("usage: node tools/run.js [--pulumi] FILE.ts [ARGUMENT...]");
  const folder = await setup({ pulumi });
  const env = { ...process.env };
  if (folder !== undefined) env.PATH = [folder, env.PATH].filter(Boolean).join(path.delimiter);
  process.exitCode = await start(path.resolve(ROOT, file), rest, env);
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit status
 */
function start(file, args, env) {
  return new Promise((resolve, reject) => {
    const loader = path.join(ROOT, "node_modules", "ts-node", "register", "transpile-only.js");
    const child = spawn(process.execPath, ["-r", loader, file, ...args], { env, stdio: "inherit" });
    for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
      process.on(signal, () => {
        // The Ctrl-C of a terminal goes to the whole foreground group: the child has it already, and a second one
        // would cut its cleaning up short.
        if (signal === "SIGINT" && process.stdin.isTTY) return;
        child.kill(signal);
      });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });
}

if (require.main === module) main().catch(giveUp);

module.exports = { start };
