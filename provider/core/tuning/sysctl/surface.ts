import type { FieldValue, Reading, Surface } from "../../claims/types";
import { AcrnError } from "../../errors";
import { applyEdits } from "../../text/edits";
import { sysctlName, sysctlPath } from "./names";
import { parseSysctls, type SysctlLine } from "./parse";

const KEY = /^sysctl\[([A-Za-z0-9_][A-Za-z0-9_./-]*)\]$/;

/** Says whose it is; it goes with the last setting, unless somebody changed it. */
const HEADER = "# Kernel settings of pulumi-acrn. Whoever owns a line says so: pulumi-acrn claims\n";

/** A fragment of sysctl.d as claims see it: a field a sysctl, `sysctl[kernel.timer_migration]`; where a name stands twice the last one counts. */
export const sysctlSurface: Surface = {
  read(text, _file, key): Reading {
    const line = linesOf(text, key).at(-1);
    if (!line) return { kind: "absent" };
    return { kind: "value", value: line.value as string, raw: rawOf(text, line) };
  },
  write(text, _file, key, value) {
    const lines = linesOf(text, key);
    if (value === null) return withoutHeader(cut(text, lines));
    const last = lines.at(-1);
    if (!last) return appended(text, `${sysctlName(pathOf(key))} = ${oneLine(key, value)}\n`);
    if (last.value === value) return text;
    return text.slice(0, last.valueAt.start) + oneLine(key, value) + text.slice(last.valueAt.end);
  },
  restore(text, _file, key, raw) {
    const last = linesOf(text, key).at(-1);
    if (raw === undefined) return last ? withoutHeader(cut(text, [last])) : text;
    if (!last) return appended(text, `${raw}\n`);
    return text.slice(0, last.start) + raw + text.slice(last.start + rawOf(text, last).length);
  },
  takes(key, value, raw) {
    if (!KEY.test(key)) return true;
    if (value === null) return true;
    if (typeof value !== "string" || !isOneLine(value)) return false;
    if (raw === undefined) return true;
    const lines = linesOf(raw, key);
    return lines.length === 1 && !raw.includes("\n") && lines[0]?.value === value;
  },
  sameFields: (a, b) => shape(a) === shape(b),
  show: (value) => (typeof value === "string" ? value : "(absent)"),
};

function pathOf(key: string): string {
  const name = KEY.exec(key)?.[1];
  if (name !== undefined) return sysctlPath(name);
  throw new AcrnError("field.unknown", `a claim is on ${key}, a field that this version does not know`, {
    hint: "A newer pulumi-acrn made it; use one at least as new (npm install pulumi-acrn@latest).",
  });
}

/** A pattern is no field: it says nothing of a name that stands for itself. */
function linesOf(text: string, key: string): SysctlLine[] {
  const path = pathOf(key);
  return parseSysctls(text).filter((each) => each.kind === "assignment" && !each.pattern && each.path === path);
}

/** Blanks around a value are not part of it, and a value is a line [sysctl.conf(5)]. */
const isOneLine = (value: string): boolean => value === value.trim() && /^[^\n\r\0]+$/.test(value);

function oneLine(key: string, value: FieldValue): string {
  if (typeof value === "string" && isOneLine(value)) return value;
  throw new AcrnError("tuning.sysctl", `${key} cannot be ${JSON.stringify(value)}: a sysctl is a text on one line`, {
    hint: 'Give one line without blanks around it: "10".',
  });
}

/** A line without its end, which the last one of a file may lack until another comes behind it. */
function rawOf(text: string, { start, end }: SysctlLine): string {
  return text.slice(start, text[end - 1] === "\n" ? end - 1 : end);
}

function appended(text: string, line: string): string {
  const start = text === "" ? HEADER : text;
  return `${start}${start.endsWith("\n") ? "" : "\n"}${line}`;
}

function cut(text: string, lines: readonly SysctlLine[]): string {
  return applyEdits(
    text,
    lines.map(({ start, end }) => ({ start, end, text: "" })),
  );
}

function withoutHeader(text: string): string {
  return text.trimEnd() === HEADER.trimEnd() ? "" : text;
}

/** Everything but white space at the ends of lines, and empty lines. */
function shape(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").join("\n");
}
