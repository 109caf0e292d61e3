import type { Document, Surface } from "../../../provider/core/claims/types";

/** `key=value` lines with comments: the smallest file that has fields, for the laws of claims. */
export const linesSurface: Surface = {
  read(text, _file, key) {
    if (key.startsWith("no/")) return { kind: "no-place", why: "there is no such section" };
    const line = lines(text).find((l) => l.startsWith(`${key}=`));
    if (line === undefined) return { kind: "absent" };
    return { kind: "value", value: line.slice(key.length + 1).trim(), raw: line };
  },
  write(text, file, key, value) {
    const now = linesSurface.read(text, file, key);
    if (now.kind === "value" && now.value === value) return text;
    return linesSurface.restore(text, file, key, value === null ? undefined : `${key}=${value}\n`);
  },
  restore(text, _file, key, raw) {
    const all = lines(text);
    const at = all.findIndex((l) => l.startsWith(`${key}=`));
    if (at >= 0) all.splice(at, 1, ...(raw === undefined ? [] : [raw]));
    else if (raw !== undefined) all.push(raw);
    return all.join("");
  },
  apart: {
    has: (key) => !key.includes("/"),
    write: (text, file, values) =>
      values.reduce((sofar, [key, value]) => linesSurface.write(sofar, file, key, value), text),
  },
  takes: (_key, value) => value === null || typeof value === "string",
  sameFields: (a, b) => essence(a) === essence(b),
  show: (value) => String(value),
};

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function essence(text: string): string {
  return lines(text)
    .map((l) => l.trim())
    .filter((l) => l !== "")
    .sort()
    .join("\n");
}

export function linesDocument(live: string | undefined, origin?: Document["origin"]): Document {
  const document: Document = { id: "lines", path: "/etc/lines", surface: linesSurface, live };
  return origin ? { ...document, origin } : document;
}
