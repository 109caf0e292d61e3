import type { Surface } from "./types";

/** A file that is one field, `whole`: its text. The empty text is a file that is not there. */
export const wholeSurface: Surface = {
  read: (text) => (text === "" ? { kind: "absent" } : { kind: "value", value: text, raw: text }),
  write: (_text, _file, _key, value) => (typeof value === "string" ? value : ""),
  restore: (_text, _file, _key, raw) => raw ?? "",
  takes: (_key, value, raw) => value === null || (typeof value === "string" && (raw === undefined || raw === value)),
  sameFields: (a, b) => a === b,
  show: (value) => (typeof value === "string" ? shown(value) : "(absent)"),
};

/** Short, and another for another text: the diff shows the lines. */
function shown(text: string): string {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return `${lines} line${lines === 1 ? "" : "s"} #${fingerprint(text)}`;
}

/** Twice FNV-1a: a plan that was reviewed is told from another one by it, and no secret rests on it. */
function fingerprint(text: string): string {
  return [0x811c9dc5, 0x01000193].map((seed) => fnv(text, seed).toString(16).padStart(8, "0")).join("");
}

function fnv(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
