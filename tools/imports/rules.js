"use strict";
const { builtinModules } = require("node:module");

/** Packages without I/O, clock or random of their own: what the core may build on. */
const PURE = ["@rgrove/parse-xml", "diff", "node-diff3", "yaml", "zod"];

/**
 * The layers of design.md, "Layout", the most special folder first: what each may import of the project, and of packages.
 * `types`: what it may import besides, as types only. `packages: "any"` stands for Node and every declared dependency.
 *
 * @typedef {{ name: string, in: string, may: string[], types?: string[], packages: string[] | "any" }} Layer
 * @type {Layer[]}
 */
const LAYERS = [
  { name: "core", in: "provider/core/", may: ["provider/core/"], packages: PURE },
  {
    name: "host",
    in: "provider/host/",
    may: ["provider/core/", "provider/host/"],
    packages: ["node:", "ssh2", "zod"],
  },
  {
    name: "resources",
    in: "provider/resources/",
    may: ["provider/core/", "provider/resources/"],
    packages: ["zod"],
  },
  {
    name: "converge",
    in: "provider/converge/",
    may: ["provider/core/", "provider/host/", "provider/resources/", "provider/converge/"],
    packages: ["node:", "zod"],
  },
  {
    name: "lifecycle",
    in: "provider/lifecycle/",
    may: [
      "provider/core/",
      "provider/host/",
      "provider/resources/",
      "provider/converge/",
      "provider/lifecycle/",
      "provider/version.ts",
    ],
    packages: "any",
  },
  { name: "provider", in: "provider/", may: ["provider/"], packages: "any" },
  { name: "command line", in: "sdk/cli/", may: ["provider/", "sdk/"], packages: "any" },
  {
    name: "faces",
    in: "sdk/",
    may: ["sdk/", "provider/version.ts", "provider/core/text/packed.ts", "provider/core/plan/pending-groups.ts"],
    types: ["provider/"],
    packages: "any",
  },
];

/**
 * @param {import("./scan").Import} imported
 * @param {{ dependencies: string[] }} options what package.json declares for users
 * @returns {string | undefined} what is wrong with it
 */
function brokenRule(imported, { dependencies }) {
  const layer = LAYERS.find((row) => imported.from.startsWith(row.in));
  if (!layer) return undefined;
  const where = `${imported.from}:${imported.line}: ${layer.name} imports ${imported.to}`;
  if (imported.local) return localRule(layer, imported) && `${where}, ${localRule(layer, imported)}`;
  const wrong = packageRule(layer, imported, dependencies);
  return wrong && `${where}, ${wrong}`;
}

/**
 * @param {Layer} layer
 * @param {import("./scan").Import} imported
 * @returns {string | undefined}
 */
function localRule(layer, imported) {
  const types = imported.typeOnly ? (layer.types ?? []) : [];
  if ([...layer.may, ...types].some((folder) => imported.to.startsWith(folder))) return undefined;
  if (layer.types?.some((folder) => imported.to.startsWith(folder))) return "which it may do for types only";
  return `but may import only ${layer.may.join(", ")}`;
}

/**
 * @param {Layer} layer
 * @param {import("./scan").Import} imported
 * @param {string[]} dependencies
 * @returns {string | undefined}
 */
function packageRule(layer, imported, dependencies) {
  const name = packageOf(imported.to);
  // The faces name the provider as a user's program finds it, never by path: pulumi-dynamic.md, "The provider text".
  if (name === "pulumi-acrn")
    return layer.in.startsWith("sdk/") ? undefined : "but a package does not find itself by name";
  if (layer.packages !== "any" && !layer.packages.includes(name))
    return `but may import only ${layer.packages.join(", ")}`;
  if (name === "node:" || imported.typeOnly || dependencies.includes(name)) return undefined;
  return "which package.json does not declare for users (dependencies, peerDependencies)";
}

/**
 * @param {string} specifier
 * @returns {string} the package; `node:` for everything that Node brings
 */
function packageOf(specifier) {
  const parts = specifier.split("/");
  if (specifier.startsWith("node:") || builtinModules.includes(parts[0] ?? "")) return "node:";
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

module.exports = { LAYERS, brokenRule };
