import { child, rawOf, type XmlDoc, type XmlElement } from "../../xml";
import type { Dialect } from "../types";
import { entriesOf, entryId } from "./vm";

/** Where one VM's affinity is, or would be. */
export interface AffinityPlace {
  doc: XmlDoc;
  dialect: Dialect;
  vm: XmlElement;
  realtime: boolean;
  element: XmlElement | undefined;
}

/** White space of the levels of an affinity, each with its line break; all empty in a file without line breaks there. */
interface Gaps {
  entry: string;
  /** Inside a 3.x entry: before its parts, and before its end tag. */
  part: string;
  partEnd: string;
  /** Before the end tag of the affinity. */
  end: string;
}

/** The white space right before an element. */
export function gapBefore(doc: XmlDoc, element: XmlElement): { start: number; text: string } {
  const start = withoutSpaceAtEnd(doc.text.slice(0, element.start)).length;
  return { start, text: doc.text.slice(start, element.start) };
}

/** White space as XML has it (section 2.3): trimEnd would take more. */
function withoutSpaceAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r\n".includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function spaceAtEnd(text: string): string {
  return text.slice(withoutSpaceAtEnd(text).length);
}

/** Behind these an absent affinity is put: the order is free (xs:all), and it is where the configurator has it. */
const BEFORE_AFFINITY = ["load_order", "vm_type", "name", "guest_flags", "lapic_passthrough", "own_pcpu"];

/**
 * Right behind an element, with the white space that this one has before itself: as no white space can come before the
 * gap, taking gap and element out again gives the same bytes.
 */
export function insertionPoint({ doc, vm }: AffinityPlace): { at: number; gap: string } {
  const anchor = [...vm.children].reverse().find((each) => BEFORE_AFFINITY.includes(each.name)) ?? vm.children[0];
  if (!anchor) return { at: vm.contentStart, gap: "" };
  return { at: behindRemark(doc, vm, anchor), gap: lastLine(gapBefore(doc, anchor).text) };
}

/** A comment on the element's line goes on speaking of it. */
function behindRemark(doc: XmlDoc, vm: XmlElement, element: XmlElement): number {
  let at = element.end;
  for (const node of vm.nodes.filter(({ start }) => start >= element.end)) {
    if (/[\r\n]/.test(doc.text.slice(at, node.start)) || (node.kind === "text" && /[^ \t]/.test(node.value))) break;
    if (node.kind === "comment") at = node.end;
    else if (node.kind !== "text") break;
  }
  return at;
}

export function freshAffinity(place: AffinityPlace, ids: readonly number[]): string {
  const gaps = gapsBelow(place, insertionPoint(place).gap);
  return wrap("", ids.map((id) => gaps.entry + entryText(place, gaps, id, false)).join(""), gaps.end);
}

/**
 * The element with these entries, ascending. Entries that stay keep their bytes with the comments on their line;
 * comments on lines of their own stay in any case. New ones are laid out like those that are there.
 */
export function rewriteAffinity(place: AffinityPlace, element: XmlElement, ids: readonly number[]): string {
  const { doc, dialect } = place;
  const { head, entries, rest } = cut(place, element);
  if (entries.length === 0) return `${wrapIn(doc, element, freshContent(place, element, ids))}`;
  const gaps = gapsLike(place, element, entries[0] as Entry);
  const marked = place.realtime && entriesOf(element, dialect).some((entry) => child(entry, "real_time_vcpu"));
  const kept: Entry[] = [];
  let orphans = "";
  for (const entry of entries) {
    if (ids.includes(entry.id) && !kept.some(({ id }) => id === entry.id)) {
      kept.push({ ...entry, lead: orphans + entry.lead });
      orphans = "";
    } else orphans += withoutSpaceAtEnd(entry.lead);
  }
  const fresh = ids.filter((id) => !kept.some((entry) => entry.id === id));
  const added = fresh.map((id) => ({ id, lead: gaps.entry, raw: entryText(place, gaps, id, marked), tail: "" }));
  const all = [...kept, ...added].sort((a, b) => a.id - b.id);
  return wrapIn(doc, element, head + all.map(({ lead, raw, tail }) => lead + raw + tail).join("") + orphans + rest);
}

interface Entry {
  id: number;
  /** What stands before it on lines of its own: white space, comments. */
  lead: string;
  raw: string;
  /** What follows on its line. */
  tail: string;
}

/** Cuts the content so that its parts in order are the content again. What follows a tag on its line belongs to it. */
function cut({ doc, dialect }: AffinityPlace, element: XmlElement): { head: string; entries: Entry[]; rest: string } {
  const found = entriesOf(element, dialect);
  const gapAfter = (from: number, next: XmlElement | undefined) => {
    const gap = doc.text.slice(from, next?.start ?? element.contentEnd);
    const line = gap.search(/[\r\n]/);
    return line < 0 ? { tail: "", lead: gap } : { tail: gap.slice(0, line), lead: gap.slice(line) };
  };
  const first = gapAfter(element.contentStart, found[0]);
  let lead = first.lead;
  const entries = found.map((entry, index) => {
    const after = gapAfter(entry.end, found[index + 1]);
    const made = { id: entryId(doc, entry, dialect), lead, raw: rawOf(doc, entry), tail: after.tail };
    lead = after.lead;
    return made;
  });
  return { head: first.tail, entries, rest: lead };
}

function wrapIn(doc: XmlDoc, element: XmlElement, content: string): string {
  if (!element.selfClosing)
    return (
      doc.text.slice(element.start, element.contentStart) + content + doc.text.slice(element.contentEnd, element.end)
    );
  const open = rawOf(doc, element).replace(/\s*\/>$/, ">");
  return `${open}${content}</${element.name}>`;
}

function wrap(head: string, content: string, end: string): string {
  return `<cpu_affinity>${head}${content}${end}</cpu_affinity>`;
}

/** For an element without entries: comments in it stay in front. */
function freshContent(place: AffinityPlace, element: XmlElement, ids: readonly number[]): string {
  const gaps = gapsBelow(place, lastLine(gapBefore(place.doc, element).text));
  const before = withoutSpaceAtEnd(place.doc.text.slice(element.contentStart, element.contentEnd));
  return before + ids.map((id) => gaps.entry + entryText(place, gaps, id, false)).join("") + gaps.end;
}

function entryText({ dialect }: AffinityPlace, gaps: Gaps, id: number, marked: boolean): string {
  const number = `<pcpu_id>${id}</pcpu_id>`;
  if (dialect === "2.x") return number;
  const mark = marked ? `${gaps.part}<real_time_vcpu>y</real_time_vcpu>` : "";
  return `<pcpu>${gaps.part}${number}${mark}${gaps.partEnd}</pcpu>`;
}

/** White space from its last line break on; all of it where there is none. */
function lastLine(space: string): string {
  return /(\r\n|\r|\n)[ \t]*$/.exec(space)?.[0] ?? space;
}

/** Levels below an affinity that has `gap` before it. One step is what the VM's children are indented by. */
function gapsBelow({ doc, vm }: AffinityPlace, gap: string): Gaps {
  const eol = /^(\r\n|\r|\n)/.exec(gap)?.[0];
  if (eol === undefined) return { entry: "", part: "", partEnd: "", end: "" };
  const outer = lastLine(gapBefore(doc, vm).text).replace(/^[\r\n]+/, "");
  const own = gap.slice(eol.length);
  const step = own.startsWith(outer) && own.length > outer.length ? own.slice(outer.length) : "  ";
  return { entry: gap + step, part: gap + step + step, partEnd: gap + step, end: gap };
}

/** The habit of the entries that are there. */
function gapsLike(place: AffinityPlace, element: XmlElement, first: Entry): Gaps {
  const lead = spaceAtEnd(first.lead);
  const below = gapsBelow(place, lastLine(gapBefore(place.doc, element).text));
  const model = place.dialect === "3.x" ? entriesOf(element, place.dialect)[0] : undefined;
  const part = model && child(model, "pcpu_id");
  if (!model || !part) return { ...below, entry: lastLine(lead) };
  const tail = spaceAtEnd(place.doc.text.slice(part.end, model.contentEnd));
  return {
    entry: lastLine(lead),
    part: lastLine(gapBefore(place.doc, part).text),
    partEnd: lastLine(tail),
    end: below.end,
  };
}
