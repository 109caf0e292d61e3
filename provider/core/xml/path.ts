import { child } from "./navigate";
import type { XmlElement } from "./types";

/** Elements that ACRN's files tell apart by `id`: VMs, and the guests of 2.x launch files (`uos`; v2.7 `user_vm`). */
const KEYED = new Set(["vm", "uos", "user_vm"]);

/**
 * The path segment of each child, unique among siblings: `RDT`; `pcpu[2]` where siblings of that name repeat;
 * `vm[@id='2']`, with an index only where that id repeats. Indices count as in XPath.
 */
export function segments(parent: XmlElement): Map<XmlElement, string> {
  const named = tally(parent.children, (each) => each.name);
  const keyed = tally(parent.children, keyedName);
  return new Map(
    parent.children.map((each) => {
      const key = keyedName(each);
      const [index, total] = (key === each.name ? named : keyed).get(each) ?? [1, 1];
      return [each, total === 1 ? key : `${key}[${index}]`];
    }),
  );
}

/** For each element its number among those of the same key, and how many these are. */
function tally(
  elements: readonly XmlElement[],
  key: (element: XmlElement) => string,
): Map<XmlElement, [number, number]> {
  const groups = new Map<string, XmlElement[]>();
  for (const each of elements) {
    const group = groups.get(key(each));
    if (group) group.push(each);
    else groups.set(key(each), [each]);
  }
  const counted = [...groups.values()].flatMap((group) =>
    group.map((each, index) => [each, [index + 1, group.length]] as [XmlElement, [number, number]]),
  );
  return new Map(counted);
}

function keyedName(element: XmlElement): string {
  const id = KEYED.has(element.name) ? element.attributes.get("id") : undefined;
  if (id === undefined || (id.includes("'") && id.includes('"'))) return element.name;
  return id.includes("'") ? `${element.name}[@id="${id}"]` : `${element.name}[@id='${id}']`;
}

/** The path from the root, which is not named: `vm[@id='2']/cpu_affinity/pcpu[2]`. The root's own path is empty. */
export function pathOf(element: XmlElement): string {
  const parts: string[] = [];
  for (let at = element; at.parent; at = at.parent) parts.unshift(segments(at.parent).get(at) ?? at.name);
  return parts.join("/");
}

const SEGMENT = /([^/[\]]+)(?:\[@([^=\]]+)=(?:'([^']*)'|"([^"]*)")\])?(?:\[(\d+)\])?(?:\/|$)/y;

/** Paths of names alone, as most are. */
const PLAIN = /^[^/[\]]+(?:\/[^/[\]]+)*$/;

/** The first element at a path below `from`: `FEATURES/RDT`, and whatever `pathOf` gives. A malformed path is a bug and throws. */
export function find(from: XmlElement, path: string): XmlElement | undefined {
  if (PLAIN.test(path)) return findPlain(from, path);
  let at: XmlElement | undefined = from;
  for (const [, name, attribute, single, double, index] of parsePath(path)) {
    const wanted = single ?? double;
    const candidates: XmlElement[] = (at?.children ?? []).filter(
      (each) => each.name === name && (attribute === undefined || each.attributes.get(attribute) === wanted),
    );
    at = candidates[index === undefined ? 0 : Number(index) - 1];
  }
  return at;
}

function findPlain(from: XmlElement, path: string): XmlElement | undefined {
  let at: XmlElement | undefined = from;
  for (const name of path.split("/")) at = at && child(at, name);
  return at;
}

function parsePath(path: string): RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  for (let offset = 0; offset < path.length; ) {
    SEGMENT.lastIndex = offset;
    const match = SEGMENT.exec(path);
    if (!match) throw new Error(`not an element path: ${path}`);
    matches.push(match);
    offset += match[0].length;
  }
  return matches;
}
