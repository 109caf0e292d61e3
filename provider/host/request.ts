import { posix } from "node:path";
import { AcrnError } from "../core/errors";
import type { ReadRequest } from "./types";

/** What the client asks for, as the lines that the script reads up to `go` (scripts/superset.ts has the words). `past`: whom its cut link had there. */
export function requestLines(request: ReadRequest, owner?: string, past?: string): string {
  const lines = owner === undefined ? [] : [`o ${owner.replace(/\p{Cc}/gu, " ").slice(0, 200)}`];
  if (past) lines.push(`k ${past}`);
  if (request.guest) lines.push("l");
  if (request.board) lines.push(`f ${machinePath(request.board)}`);
  if (request.record) lines.push(`r ${machinePath(request.record)}`);
  for (const file of request.files) lines.push(`f ${machinePath(file)}`);
  for (const text of request.texts ?? []) lines.push(`t ${machinePath(`/${text}`).slice(1)}`);
  for (const script of request.scripts) lines.push(scriptLine(machinePath(script)));
  return `${lines.join("\n")}${lines.length ? "\n" : ""}go\n`;
}

/** A glob is cut before its first name with a star: what stands before is looked up by itself. */
function scriptLine(path: string): string {
  const star = path.indexOf("*");
  if (star < 0) return `f ${path}`;
  const cut = path.lastIndexOf("/", star);
  return `g ${path.slice(0, cut)}//${path.slice(cut + 1)}`;
}

/** An absolute path that survives lines and words: normalised, without line breaks or a blank at its end. */
export function machinePath(path: string): string {
  const clean = posix.normalize(path);
  if (clean.startsWith("/") && clean !== "/" && !clean.startsWith("//") && !/\p{Cc}|\s$|\/$/u.test(clean)) return clean;
  throw new AcrnError("path.bad", `${JSON.stringify(path)} is not a path of a file that can be read`, {
    hint: "Give an absolute path on the machine, without control characters and without a blank or slash at its end.",
  });
}
