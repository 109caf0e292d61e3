"use strict";

/**
 * One circle for each knot of files that import each other, types included: an arrow back is an arrow back.
 * @param {{ from: string, to: string }[]} edges
 * @returns {string[][]} each as a path whose last file is its first
 */
function circles(edges) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  /** @type {Set<string>} */
  const known = new Set();
  /** @type {string[][]} */
  const found = [];
  for (const file of [...next.keys()].sort()) {
    if (known.has(file)) continue;
    const circle = shortestBack(file, next);
    if (!circle) continue;
    for (const member of circle) known.add(member);
    found.push(circle);
  }
  return found;
}

/**
 * The shortest way from a file back to itself, breadth first.
 * @param {string} start
 * @param {Map<string, string[]>} next
 * @returns {string[] | undefined}
 */
function shortestBack(start, next) {
  /** @type {Set<string>} */
  const seen = new Set();
  const queue = [[start]];
  for (let way = queue.shift(); way; way = queue.shift()) {
    for (const file of next.get(way[way.length - 1] ?? "") ?? []) {
      if (file === start) return [...way, start];
      if (seen.has(file)) continue;
      seen.add(file);
      queue.push([...way, file]);
    }
  }
  return undefined;
}

module.exports = { circles };
