"use strict";
const fs = require("node:fs");
const path = require("node:path");

/**
 * @typedef {object} Import
 * @property {string} from file, relative to the root, with `/`
 * @property {string} to the same for a file of the project; else the name as written (`ssh2`, `node:fs`)
 * @property {boolean} local whether `to` is a file of the project
 * @property {boolean} typeOnly gone after compiling
 * @property {number} line
 */

/**
 * The compiler is loaded late: this file is read before node_modules is there.
 * @returns {typeof import("typescript")}
 */
function compiler() {
  return require("typescript");
}

/**
 * @param {string} root
 * @param {string} file relative to root
 * @returns {import("typescript").SourceFile}
 */
function parse(root, file) {
  const ts = compiler();
  return ts.createSourceFile(file, fs.readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
}

/**
 * Every import, re-export, `import()`, `require()` and `import("...")` type of a file.
 * @param {string} root
 * @param {import("typescript").SourceFile} source
 * @returns {Import[]}
 */
function importsOf(root, source) {
  /** @type {Import[]} */
  const found = [];
  visit(source);
  return found;

  /** @param {import("typescript").Node} node */
  function visit(node) {
    const ts = compiler();
    const named = specifierOf(node);
    if (named) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({
        from: source.fileName,
        ...resolve(root, source.fileName, named.name),
        typeOnly: named.typeOnly,
        line: line + 1,
      });
    }
    ts.forEachChild(node, visit);
  }
}

/**
 * @param {import("typescript").Node} node
 * @returns {{ name: string, typeOnly: boolean } | undefined}
 */
function specifierOf(node) {
  const ts = compiler();
  if (ts.isImportDeclaration(node)) return textOf(node.moduleSpecifier, isTypeImport(node.importClause));
  if (ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier, isTypeExport(node));
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal, true);
  if (ts.isExternalModuleReference(node)) return textOf(node.expression, false);
  if (!ts.isCallExpression(node)) return undefined;
  const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const required = ts.isIdentifier(node.expression) && node.expression.text === "require";
  return dynamic || required ? textOf(node.arguments[0], false) : undefined;
}

/**
 * @param {import("typescript").Node | undefined} node
 * @param {boolean} typeOnly
 * @returns {{ name: string, typeOnly: boolean } | undefined}
 */
function textOf(node, typeOnly) {
  return node && compiler().isStringLiteralLike(node) ? { name: node.text, typeOnly } : undefined;
}

/**
 * @param {import("typescript").ImportClause | undefined} clause
 * @returns {boolean}
 */
function isTypeImport(clause) {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  if (clause.name || !bindings || !compiler().isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

/**
 * @param {import("typescript").ExportDeclaration} node
 * @returns {boolean}
 */
function isTypeExport(node) {
  const clause = node.exportClause;
  if (node.isTypeOnly) return true;
  if (!clause || !compiler().isNamedExports(clause)) return false;
  return clause.elements.length > 0 && clause.elements.every((element) => element.isTypeOnly);
}

/**
 * @param {string} root
 * @param {string} from
 * @param {string} name
 * @returns {{ to: string, local: boolean }}
 */
function resolve(root, from, name) {
  if (!name.startsWith(".")) return { to: name, local: false };
  const base = path.posix.join(path.posix.dirname(from), name);
  const candidates = [`${base}.ts`, `${base}/index.ts`, base];
  const file = candidates.find((candidate) =>
    fs.statSync(path.join(root, candidate), { throwIfNoEntry: false })?.isFile(),
  );
  return { to: file ?? base, local: true };
}

module.exports = { parse, importsOf };
