import type { Surface } from "../../claims/types";
import { type LinePlace, type LineRefusal, lineSurface } from "./line-surface";
import { essence, type FileLine, linesOf } from "./lines";
import { type Mapped, plainStretch } from "./mapped";

/** A line of the configuration: keywords are read in any case [syslinux, com32/menu/readconfig.c; U-Boot, boot/pxe_utils.c]. */
interface Statement extends FileLine {
  keyword: string;
  /** What follows the keyword. */
  value: string;
  /** Behind the keyword and one blank. */
  at: number;
}

interface Label {
  name: string;
  statements: Statement[];
}

/** What boots unless somebody chooses otherwise, or why that cannot be told. */
export type BootLabel = { known: true; label: string } | { known: false; why: string; line: number };

/** `extlinux.conf` and `syslinux.cfg`: the `append` of one label. @param label the one that boots by default where it is left out */
export function extlinuxPlace(label?: string): LinePlace {
  return {
    open: (text) => openLabel(text, label),
    create: (text) => withAppend(text, label),
    rest: (text) => restOf(text, label),
    // [U-Boot, boot/pxe_utils.c label_boot: cli_simple_process_macros]
    trouble: (word) => (word.includes("$") ? "U-Boot takes $ for one of its variables" : undefined),
  };
}

/** The same as a surface for claims. */
export function extlinuxSurface(label?: string): Surface {
  return lineSurface(extlinuxPlace(label));
}

/**
 * The label that boots by itself. syslinux boots ONTIMEOUT where nobody typed, else DEFAULT; U-Boot the later of both lines. A DEFAULT that names a menu
 * (`vesamenu.c32`) leaves it to `MENU DEFAULT`, else to the first label.
 */
export function bootLabel(text: string): BootLabel {
  const { labels, head } = read(text);
  const last = (keyword: string) => head.findLast((each) => each.keyword === keyword);
  const [chosen, timeout] = [last("default"), last("ontimeout")];
  const named = timeout ?? chosen;
  const later = [chosen, timeout].filter((each) => each !== undefined).sort((a, b) => b.start - a.start)[0];
  if (named && later && named.value !== later.value)
    return {
      known: false,
      line: later.number,
      why: "DEFAULT and ONTIMEOUT differ, and syslinux and U-Boot take another one of them",
    };
  const known = (label: Label | undefined): BootLabel =>
    label ? { known: true, label: label.name } : { known: false, line: 1, why: "it has no label" };
  const byName = labels.find(({ name }) => name === named?.value);
  if (byName) return known(byName);
  if (named && !/\.c32\b/.test(named.value))
    return { known: false, line: named.number, why: `${JSON.stringify(named.value)} names no label of it` };
  const marked = labels.find(({ statements }) =>
    statements.some((s) => s.keyword === "menu" && /^default\b/i.test(s.value)),
  );
  return known(marked ?? labels[0]);
}

function read(text: string): { labels: Label[]; head: Statement[] } {
  const labels: Label[] = [];
  const head: Statement[] = [];
  for (const line of linesOf(text)) {
    const [, lead = "", word] = /^([ \t]*)([^\s#]\S*)/.exec(line.text) ?? [];
    if (word === undefined) continue;
    const value = line.text.slice(lead.length + word.length).trim();
    const at = line.start + Math.min(lead.length + word.length + 1, line.text.length);
    const statement = { ...line, keyword: word.toLowerCase(), value, at };
    if (statement.keyword === "label") labels.push({ name: value, statements: [statement] });
    else if (GLOBAL.has(statement.keyword) || labels.length === 0) head.push(statement);
    else labels.at(-1)?.statements.push(statement);
  }
  return { labels, head };
}

/** They count for the whole file wherever they stand. */
const GLOBAL = new Set(["default", "ontimeout", "timeout", "prompt", "ui"]);

function labelIn(text: string, wanted: string | undefined): Label | LineRefusal {
  const boots: BootLabel = wanted === undefined ? bootLabel(text) : { known: true, label: wanted };
  if (!boots.known) return boots;
  const found = read(text).labels.filter(({ name }) => name === boots.label);
  const [label] = found;
  if (!label || found.length > 1)
    return { line: 1, why: `${found.length} labels are called ${JSON.stringify(boots.label)}` };
  return label;
}

function openLabel(text: string, wanted: string | undefined): Mapped | LineRefusal | undefined {
  const label = labelIn(text, wanted);
  if ("why" in label) return label;
  const append = label.statements.findLast(({ keyword }) => keyword === "append");
  if (!append) {
    // syslinux gives it to labels without one of their own, U-Boot to none
    const all = read(text).head.find(({ keyword }) => keyword === "append");
    return all && { line: all.number, why: `label ${label.name} has no append, and takes this one for all labels` };
  }
  if (append.value === "-") return { line: append.number, why: "`append -` keeps the one for all labels away" };
  const rest = append.text.slice(append.at - append.start);
  const glued = /\S$/.test(append.text.slice(0, append.at - append.start));
  return { pieces: [[plainStretch(rest, append.at, glued ? (piece) => ` ${piece}` : undefined)]] };
}

/** Behind the last line of the label, in its columns. */
function withAppend(text: string, wanted: string | undefined): string {
  const label = labelIn(text, wanted);
  const last = "why" in label ? undefined : label.statements.at(-1);
  if (!last) return text;
  const lead = last.keyword === "label" ? "  " : (/^[ \t]*/.exec(last.text)?.[0] ?? "");
  const end = last.start + last.text.length;
  return `${text.slice(0, end)}\n${lead}append ${text.slice(end)}`;
}

function restOf(text: string, wanted: string | undefined): string {
  const label = labelIn(text, wanted);
  const append = "why" in label ? undefined : label.statements.findLast(({ keyword }) => keyword === "append");
  return essence(linesOf(text).flatMap((line) => (line.start === append?.start ? [] : [line.text])));
}
