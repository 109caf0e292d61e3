import { sysctlPath } from "./names";

/** An assignment, or an exclusion from other lines' patterns (`-net.ipv4.conf.all.rp_filter`). Offsets are UTF-16, of the text that was read. */
export interface SysctlLine {
  kind: "assignment" | "exclusion";
  /** Below /proc/sys: `kernel/timer_migration`. */
  path: string;
  /** A pattern of glob(7), which explicit names always beat. */
  pattern: boolean;
  /** Undefined for an exclusion. */
  value: string | undefined;
  /** `-key = value`: a failure to set it is no failure. */
  ignoreFailure: boolean;
  /** `- key`: procps takes the blank for a part of the name, and finds no such name. */
  blankBehindDash: boolean;
  /** From 1. */
  line: number;
  start: number;
  /** Behind the line's end. */
  end: number;
  /** Where the value stands, without the blanks around it. */
  valueAt: { start: number; end: number };
}

/**
 * Lines of a sysctl.d fragment that say something. Blank lines, comments (`#`, `;`) and lines that both programs skip with a warning are left out
 * [sysctl.d(5); sysctl.conf(5); systemd src/sysctl/sysctl.c parse_line; procps src/sysctl.c parse_setting_line].
 */
export function parseSysctls(text: string): SysctlLine[] {
  const out: SysctlLine[] = [];
  let start = text.startsWith("\ufeff") ? 1 : 0;
  for (let line = 1; start < text.length; line++) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed + 1;
    const read = readLine(text.slice(start, feed === -1 ? text.length : feed));
    if (read) {
      const valueAt = { start: start + read.valueAt.start, end: start + read.valueAt.end };
      out.push({ ...read, line, start, end, valueAt });
    }
    start = end;
  }
  return out;
}

type Read = Omit<SysctlLine, "line" | "start" | "end">;

function readLine(line: string): Read | undefined {
  const equals = line.indexOf("=");
  const named = within(line, 0, equals === -1 ? line.length : equals);
  const dash = line[named.start] === "-";
  const { start, end } = dash ? within(line, named.start + 1, named.end) : named;
  const key = line.slice(start, end);
  if (key === "" || /^[#;]/.test(line.slice(named.start)) || (equals === -1 && !dash)) return undefined;
  const valueAt = within(line, equals === -1 ? line.length : equals + 1, line.length);
  return {
    kind: equals === -1 ? "exclusion" : "assignment",
    path: sysctlPath(key),
    pattern: /[*?[]/.test(key),
    value: equals === -1 ? undefined : line.slice(valueAt.start, valueAt.end),
    ignoreFailure: dash && equals !== -1,
    blankBehindDash: dash && start > named.start + 1,
    valueAt,
  };
}

const BLANKS = " \t\r\v\f";

/** The span without the blanks around it (isspace(3); a sign of Unicode is none). */
function within(line: string, from: number, to: number): { start: number; end: number } {
  let [start, end] = [from, to];
  while (start < end && BLANKS.includes(line.charAt(start))) start++;
  while (end > start && BLANKS.includes(line.charAt(end - 1))) end--;
  return { start, end };
}
