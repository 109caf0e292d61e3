import type { Random } from "./random";
import { NAMES } from "./words";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Replaced by brackets without end in the text: JSON.stringify descends by recursion, and so could not write it. */
const DEEP = "\u0001deep\u0001";

/** What has the wrong type, an unheard-of size, or names that objects have by themselves. */
const VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 1.5, 4096, 2 ** 53, 1e308, "", " ", "__proto__", "constructor", "/", "#2", "2-3", DEEP],
  ...[
    "\0",
    "\x1b[2J",
    "\u202e",
    "\ud800",
    "x".repeat(3000),
    [],
    {},
    [null],
    [[]],
    [{}],
    ["a", 1],
    [3, 2, 2],
    [-1],
    [1e9],
  ],
  ...[
    { toString: 1, valueOf: null },
    { length: 3 },
    own("then", true),
    { kind: "value" },
    own("__proto__", { polluted: true }),
  ],
];

/** An object with this key as a property of its own, whatever it is called. */
export function own(key: string, value: Json): Json {
  return Object.defineProperty({}, key, { value, enumerable: true, configurable: true, writable: true }) as Json;
}

/** A copy with a few parts changed, as text. `more`: values that are bad for this format; `depths`: how deep nesting gets. */
export function mutatedJson(random: Random, seed: Json, more: readonly Json[] = [], depths = [40, 300, 6000]): Buffer {
  let root = structured(seed);
  for (let left = random.oneIn(50) ? 0 : 1 + random.few(4); left > 0; left--) root = changed(random, root, more);
  const deep = random.pick(depths);
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
  ] as const);
  return Buffer.from(
    JSON.stringify(root).replaceAll(JSON.stringify(DEEP), () => `${open.repeat(deep)}0${close.repeat(deep)}`),
  );
}

/** JSON.parse makes `__proto__` a property like any other; copying by spread would not. */
function structured(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** One of the parts of a value, by the object or list that holds it. */
interface Part {
  holder: Json[] | { [key: string]: Json };
  key: string;
}

function parts(value: Json, out: Part[] = []): Part[] {
  if (typeof value !== "object" || value === null) return out;
  for (const [key, each] of Object.entries(value)) {
    out.push({ holder: value, key });
    parts(each, out);
  }
  return out;
}

function changed(random: Random, root: Json, more: readonly Json[]): Json {
  const all = parts(root);
  if (all.length === 0 || random.oneIn(60)) return value(random, more);
  const { holder, key } = random.pick(all);
  const set = (name: string, to: Json) =>
    Object.defineProperty(holder, name, { value: to, enumerable: true, configurable: true, writable: true });
  const at = () => (holder as { [key: string]: Json })[key] as Json;
  const ways = [
    () => set(key, value(random, more)),
    () => set(key, value(random, more)),
    () => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]),
    () => (Array.isArray(holder) ? holder.push(structured(at())) : set(random.pick(NAMES), structured(at()))),
    () => (Array.isArray(holder) ? holder.reverse() : set(key + random.pick(["x", " ", "\0", "/..", "]"]), at())),
    () => set(key, random.oneIn(2) ? [structured(at())] : own(random.pick(NAMES), structured(at()))),
    () => set(key, structured(other(random, all))),
  ];
  random.pick(ways)();
  return root;
}

function other(random: Random, all: readonly Part[]): Json {
  const { holder, key } = random.pick(all);
  return (holder as { [key: string]: Json })[key] as Json;
}

function value(random: Random, more: readonly Json[]): Json {
  return structured(random.pick(more.length > 0 && random.oneIn(2) ? more : VALUES));
}
