import { fingerprint } from "../text/fingerprint";
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
