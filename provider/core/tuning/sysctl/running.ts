import type { Document, Reading, Surface } from "../../claims/types";
import { AcrnError } from "../../errors";
import { isRunningText, oneBlank } from "../../running-value";
import type { Snapshot } from "../../snapshot";
import { sysctlName, sysctlPath } from "./names";

/**
 * A sysctl of the running kernel, as a document of one value: claims, ledger and plan treat it as any other file's field, so what it was
 * before stands in the ledger. It is no file that a transaction could swap (converge/set-running.ts).
 */
const ID = /^procsys\[([A-Za-z0-9_][A-Za-z0-9_./-]*)\](?: value)?$/;
const KEY = "value";
const FOLDER = "/proc/sys/";

/**
 * First word of the field id, the same for both ways to write a name: `procsys[kernel.timer_migration]`.
 * @throws AcrnError `tuning.sysctl`
 */
export function runningSysctlDocumentId(name: string): string {
  const id = `procsys[${sysctlName(sysctlPath(name))}]`;
  if (nameOfRunningSysctl(id) !== undefined) return id;
  throw new AcrnError("tuning.sysctl", `${JSON.stringify(name)} is no name of a sysctl`, {
    hint: "Give the name as `sysctl -a` prints it: kernel.timer_migration.",
  });
}

/** @throws AcrnError `tuning.sysctl` */
export function runningSysctlId(name: string): string {
  return `${runningSysctlDocumentId(name)} ${KEY}`;
}

/** The dotted name of a document's or a field's id; undefined: it is none. A ledger may hold anything, so what would lead out of /proc/sys is none. */
export function nameOfRunningSysctl(id: string): string | undefined {
  const name = ID.exec(id)?.[1];
  if (name === undefined) return undefined;
  const path = sysctlPath(name);
  // The remote script takes no `..` anywhere in a path (host/scripts/running.ts).
  return sysctlName(path) === name && !path.includes("..") && !path.split("/").includes(".") ? name : undefined;
}

/** Where the kernel has it; undefined: the id is none of these. */
export function pathOfRunningSysctl(id: string): string | undefined {
  const name = nameOfRunningSysctl(id);
  return name === undefined ? undefined : FOLDER + sysctlPath(name);
}

/** The text of a read that says it (`Snapshot.texts`): `proc/sys/kernel/timer_migration`. */
export function textNameOf(id: string): string | undefined {
  return pathOfRunningSysctl(id)?.slice(1);
}

/** A value as it is wished and compared: `3 1 1 7`; undefined: a running kernel is given nothing of that kind. */
export function runningSysctlValue(text: string): string | undefined {
  return isRunningText(text) ? oneBlank(text) : undefined;
}

/** The value in a document's text, with its white space; undefined: there is none. */
export function runningSysctlText(text: string | undefined): string | undefined {
  const line = text?.endsWith("\n") ? text.slice(0, -1) : undefined;
  return line !== undefined && isRunningText(line) ? line : undefined;
}

/** Undefined: the id is none of these. In a folder no kernel runs, so it has no texts and no value has a place. */
export function runningSysctlDocument(id: string, { texts }: Pick<Snapshot, "texts">): Document | undefined {
  const [name, path] = [nameOfRunningSysctl(id), pathOfRunningSysctl(id)];
  if (name === undefined || path === undefined) return undefined;
  const said = texts.get(path.slice(1));
  const live = said === undefined ? undefined : `${said}\n`;
  return { id: `procsys[${name}]`, path, surface: valueSurface, live, blank: "" };
}

const valueSurface: Surface = {
  read(text, _file, key): Reading {
    const raw = key === KEY ? runningSysctlText(text) : undefined;
    if (raw !== undefined) return { kind: "value", value: oneBlank(raw), raw };
    const why = text === "" ? "the kernel has no such sysctl now" : "what the kernel says there is not one value";
    return { kind: "no-place", why };
  },
  write: (text, _file, key, value) => (typeof value === "string" ? put(text, key, value) : text),
  restore: (text, _file, key, raw) => (raw === undefined ? text : put(text, key, raw)),
  takes(key, value, raw) {
    if (key !== KEY) return true;
    if (typeof value !== "string" || runningSysctlValue(value) !== value) return false;
    return raw === undefined || runningSysctlValue(raw) === value;
  },
  sameFields: (a, b) => (a === "") === (b === "") && oneBlank(a) === oneBlank(b),
  show: (value) => (typeof value !== "string" ? "(absent)" : value === "" ? '""' : value),
};

function put(text: string, key: string, value: string): string {
  const now = runningSysctlText(text);
  if (key !== KEY || now === undefined || !isRunningText(value) || oneBlank(now) === oneBlank(value)) return text;
  return `${value}\n`;
}
