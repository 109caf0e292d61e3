import type { Document, Surface } from "../claims/types";
import { wholeSurface } from "../claims/whole-surface";
import { AcrnError } from "../errors";
import { exactTextOf, type Snapshot } from "../snapshot";
import { launchSurface } from "./launch-script/surface";

/** Paths that stand in field ids as they are: no blank, no bracket, nothing that a shell or a list of lines would take apart. */
const PATH = /^\/[A-Za-z0-9._/+@=,-]{1,200}$/;
const ID = /^file\[(\/[^\]\s]+)\]$/;

/** First word of the field ids in a file of its own: `file[/root/acrn-work/rt.sh]`. */
export function fileId(path: string): string {
  return `file[${path}]`;
}

/** Field id of the whole text of a file that we write. */
export function wholeId(path: string): string {
  return `${fileId(path)} whole`;
}

/** Field id of one argument of acrn-dm in a launch script: `file[/root/rt.sh] arg[-m]`. */
export function argumentId(path: string, argument: string): string {
  return `${fileId(path)} arg[${argument}]`;
}

/** The path of a document id, or undefined when it is another kind of document. */
export function pathOfFile(id: string): string | undefined {
  return ID.exec(id)?.[1];
}

/** @throws AcrnError `path.bad` on `property` */
export function checkPath(path: string, property: string): void {
  if (PATH.test(path) && !path.split("/").includes("..")) return;
  throw new AcrnError("path.bad", `${JSON.stringify(path)} is not a path that can be claimed`, {
    property,
    hint: "Give an absolute path on the machine, of letters, digits and . _ / + @ = , - alone, without `..`.",
  });
}

/** A file of the machine that a claim may write whole, or a launch script of which it changes arguments. It need not be there. */
export function fileDocument(path: string, snapshot: Snapshot): Document {
  const live = exactTextOf(snapshot, path);
  return {
    id: fileId(path),
    path,
    surface: fileSurface,
    live,
    blank: "",
    mode: isProgram(path) ? "0755" : "0644",
  };
}

/** grub-mkconfig runs what is executable in its folder, and nothing else. */
const isProgram = (path: string) => path.endsWith(".sh") || path.startsWith("/etc/grub.d/");

const surfaceOf = (key: string): Surface => (key === "whole" ? wholeSurface : launchSurface);

/** Two ways to claim one path, in one document: so that a program may change from `edited` to `owned` and back. */
const fileSurface: Surface = {
  read: (text, file, key) => surfaceOf(key).read(text, file, key),
  write: (text, file, key, value) => surfaceOf(key).write(text, file, key, value),
  restore: (text, file, key, raw) => surfaceOf(key).restore(text, file, key, raw),
  takes: (key, value, raw) => surfaceOf(key).takes(key, value, raw),
  sameFields: (a, b, file) => a === b || launchSurface.sameFields(a, b, file),
  show: (value) => (typeof value === "string" && value.includes("\n") ? wholeSurface : launchSurface).show(value),
};
