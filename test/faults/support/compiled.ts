import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { temporary } from "../../host/helpers";

const ROOT = resolve(__dirname, "../../..");
const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
};

let made: string | undefined;

/**
 * The product and the client of this folder as JavaScript, in a folder that goes with the process: a child starts in a third of the
 * time that ts-node takes, and a sweep starts dozens. Not dist/, which these tests come before.
 */
export function compiledClient(): string {
  made ??= compile();
  return join(made, "test/faults/support/client.js");
}

function compile(): string {
  const out = temporary();
  for (const file of [...sources("provider"), "test/faults/support/client.ts"]) {
    const to = join(out, file.replace(/ts$/, "js"));
    mkdirSync(dirname(to), { recursive: true });
    const text = readFileSync(join(ROOT, file), "utf8");
    writeFileSync(to, ts.transpileModule(text, { compilerOptions: OPTIONS }).outputText);
  }
  for (const name of ["node_modules", "package.json"]) symlinkSync(join(ROOT, name), join(out, name));
  return out;
}

function sources(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return entries.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}
