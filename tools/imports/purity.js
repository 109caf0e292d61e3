"use strict";

/** Names that reach outside: I/O, clock, random, environment. What the core gets from there comes in as an argument. */
const OUTSIDE = new Set(
  ["process", "console", "performance", "crypto", "fetch", "require", "globalThis", "global"].concat([
    "setTimeout",
    "setInterval",
    "setImmediate",
    "queueMicrotask",
    "__dirname",
    "__filename",
  ]),
);

/** Members of otherwise pure objects that are not. */
const OUTSIDE_MEMBERS = new Set(["Date.now", "Math.random"]);

/**
 * Where a file of the core uses something from outside without importing it.
 * @param {import("typescript").SourceFile} source
 * @returns {string[]}
 */
function impurities(source) {
  /** @type {typeof import("typescript")} */
  const ts = require("typescript");
  const declared = declaredNames(source);
  /** @type {string[]} */
  const found = [];
  visit(source);
  return found;

  /** @param {import("typescript").Node} node */
  function visit(node) {
    const name = outsideName(node);
    if (name) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${source.fileName}:${line + 1}: the core uses ${name}; hand it in as an argument`);
    }
    ts.forEachChild(node, visit);
  }

  /**
   * @param {import("typescript").Node} node
   * @returns {string | undefined}
   */
  function outsideName(node) {
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText(source);
      return OUTSIDE_MEMBERS.has(text) ? text : undefined;
    }
    // Without arguments it is the clock.
    if (ts.isNewExpression(node) && node.expression.getText(source) === "Date" && !node.arguments?.length)
      return "new Date()";
    if (!ts.isIdentifier(node) || !OUTSIDE.has(node.text) || declared.has(node.text)) return undefined;
    return isName(node) || isPlainRequire(node) ? undefined : node.text;
  }

  /**
   * `require("name")` is an import, which the rules for imports judge.
   * @param {import("typescript").Identifier} node
   * @returns {boolean}
   */
  function isPlainRequire(node) {
    const call = node.parent;
    if (!ts.isCallExpression(call) || node.text !== "require" || call.expression !== node) return false;
    return call.arguments[0] !== undefined && ts.isStringLiteralLike(call.arguments[0]);
  }

  /**
   * Whether it only names a member or a key (`vm.process`, `{ process: 1 }`) or stands in a type.
   * @param {import("typescript").Identifier} node
   * @returns {boolean}
   */
  function isName(node) {
    const parent = node.parent;
    if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent))
      return node !== (ts.isPropertyAccessExpression(parent) ? parent.expression : parent.left);
    if (ts.isTypeReferenceNode(parent)) return true;
    return "name" in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
  }
}

/**
 * Names that the file binds itself, anywhere: coarse, and enough to let a variable be called `process`.
 * @param {import("typescript").SourceFile} source
 * @returns {Set<string>}
 */
function declaredNames(source) {
  /** @type {typeof import("typescript")} */
  const ts = require("typescript");
  /** @type {Set<string>} */
  const names = new Set();
  visit(source);
  return names;

  /** @param {import("typescript").Node} node */
  function visit(node) {
    const binds =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node);
    if (binds && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  }
}

module.exports = { impurities };
