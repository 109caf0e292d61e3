import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needs, optional } from "../support/needs";
import { command, plainEnv } from "./command";
import { newest, npmProject, packed } from "./projects";

describe("package: what it contains", function () {
  this.timeout(300_000);

  it("dist, README, LICENSE and package.json, and nothing else", async () => {
    const { files } = await packed();
    const others = files.filter((file) => !file.startsWith("dist/")).sort();
    assert.deepEqual(others, ["LICENSE", "README.md", "package.json"]);
    const odd = files.filter(
      (file) => file.startsWith("dist/") && !/^dist\/(provider|sdk)\/.*\.(js|d\.ts)$/.test(file),
    );
    assert.deepEqual(odd, []);
    for (const file of ["dist/sdk/index.js", "dist/sdk/index.d.ts", "dist/provider/index.js"])
      assert.ok(files.includes(file), file);
  });

  it("every path that package.json names", async () => {
    const { files } = await packed();
    const { main, types, exports: entries, bin } = JSON.parse(readFileSync("package.json", "utf8"));
    const named = [main, types, ...Object.values(bin), ...Object.values(entries).flatMap(leaves)] as string[];
    const missing = named.map((path) => path.replace(/^\.\//, "")).filter((path) => !files.includes(path));
    assert.deepEqual(missing, []);
  });

  it("has no dependency that only the clone has: what it loads is declared", async function () {
    needs(this, await newest("@pulumi/pulumi"), "no npm registry answers");
    const { dir } = await npmProject();
    const script = `require("pulumi-acrn"); require("pulumi-acrn/provider"); console.log("loaded");`;
    assert.equal(await command("node", ["-e", script], { cwd: dir, env: plainEnv() }), "loaded\n");
  });

  it("runs as a command", async function () {
    optional(this, (await packed()).files.includes("dist/sdk/cli/main.js"), "no sdk/cli yet");
    needs(this, await newest("@pulumi/pulumi"), "no npm registry answers");
    const { dir } = await npmProject();
    const help = await command("npx", ["--no-install", "pulumi-acrn", "--help"], { cwd: dir, env: plainEnv() });
    for (const name of ["init", "inspect", "plan", "apply", "claims", "release", "scenario"])
      assert.match(help, new RegExp(`^\\s+${name}\\b`, "m"), join(dir, "node_modules/.bin/pulumi-acrn"));
  });
});

/** The paths of one entry of `exports`, whatever its conditions. */
function leaves(entry: unknown): string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry as Record<string, unknown>).flatMap(leaves);
}
