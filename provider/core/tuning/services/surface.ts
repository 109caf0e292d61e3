import type { Document, Surface } from "../../claims/types";
import { exactTextOf, type Snapshot } from "../../snapshot";

/** First word of the field ids of a unit: `unit[rsyslog.service]`. */
export function unitId(unit: string): string {
  return `unit[${unit}]`;
}

/** With its kind, as ids come from a ledger too: `..` is no unit. */
const ID = /^unit\[([A-Za-z0-9:_.\\@-]+\.(?:service|socket|timer|path))\]$/;

/** The unit of such an id; undefined: it is none. */
export function unitOfId(id: string): string | undefined {
  return ID.exec(id)?.[1];
}

/** Where its file lies in the administrator's folder. */
export function pathOfUnit(id: string): string | undefined {
  const unit = unitOfId(id);
  return unit === undefined ? undefined : `${UNIT_FOLDER}/${unit}`;
}

/** Field id of a unit's mask: `unit[rsyslog.service] file`. */
export function maskId(unit: string): string {
  return `${unitId(unit)} file`;
}

/** What a mask writes: a file of no bytes, which systemd takes as one [systemd.unit(5)]. No symbolic link, so the ledger can give back what was there. */
export const MASK = "";

/** The administrator's folder: above it are only units made at run time. */
export const UNIT_FOLDER = "/etc/systemd/system";

/** Stands for a file that is not there, as the empty text is a value here; no file can hold it, for systemd reads no NUL. */
const ABSENT = "\0absent";

/** Stands for what is no file, such as the link to /dev/null that `systemctl mask` makes: somebody else's, and left as it is. */
const NO_FILE = "\0no file";

/** The text of a unit's file. @throws AcrnError where it is a file and cannot be read */
export function unitText(snapshot: Snapshot, path: string): string | undefined {
  return snapshot.files.get(path)?.kind === "other" ? NO_FILE : exactTextOf(snapshot, path);
}

/** A unit file of the administrator's folder, empty when it masks. One field, `file`: its text. */
export function unitDocument(unit: string, live: string | undefined): Document {
  return { id: unitId(unit), path: `${UNIT_FOLDER}/${unit}`, surface: unitSurface, live, blank: ABSENT, mode: "0644" };
}

export const unitSurface: Surface = {
  read: (text) => (text === ABSENT ? { kind: "absent" } : { kind: "value", value: text, raw: text }),
  write: (_text, _file, _key, value) => (typeof value === "string" ? value : ABSENT),
  restore: (_text, _file, _key, raw) => raw ?? ABSENT,
  takes: (_key, value, raw) => value === null || (typeof value === "string" && (raw === undefined || raw === value)),
  sameFields: (a, b) => a === b,
  show(value) {
    if (typeof value !== "string") return "(absent)";
    if (value === NO_FILE) return "no file (a mask by `systemctl mask`?)";
    return value === MASK ? "masked" : `a unit of ${value.split("\n").length} lines`;
  },
};
