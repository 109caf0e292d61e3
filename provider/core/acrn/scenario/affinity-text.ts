import { child, rawOf, type XmlDoc, type XmlElement } from "../../xml";
import {
  type AffinityPlace,
  type Gaps,
  gapBefore,
  gapsBelow,
  gapsLike,
  lastLine,
  withoutSpaceAtEnd,
} from "./affinity-layout";
import { entriesOf, entryId } from "./vm";

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
  return `<cpu_affinity>${freshEntries(place, gaps, ids)}</cpu_affinity>`;
}

/**
 * The element with these entries, ascending. Entries that stay keep their bytes with the comments on their line;
 * comments on lines of their own stay in any case. New ones are laid out like those that are there.
 */
export function rewriteAffinity(place: AffinityPlace, element: XmlElement, ids: readonly number[]): string {
  const { doc, dialect } = place;
  const { head, entries, rest } = cut(place, element);
  if (entries.length === 0) return wrapIn(doc, element, freshContent(place, element, ids));
  const gaps = gapsLike(place, element, (entries[0] as Entry).lead);
  const marked = place.realtime && entriesOf(element, dialect).some((entry) => child(entry, "real_time_vcpu"));
  const { kept, orphans } = keep(entries, ids);
  const fresh = ids.filter((id) => !kept.some((entry) => entry.id === id));
  const added = fresh.map((id) => ({ id, lead: gaps.entry, raw: entryText(place, gaps, id, marked), tail: "" }));
  const all = [...kept, ...added].sort((a, b) => a.id - b.id);
  return wrapIn(doc, element, head + all.map(({ lead, raw, tail }) => lead + raw + tail).join("") + orphans + rest);
}

/** Entries that stay, each once. What stood on lines of its own before one that goes moves on to the next. */
function keep(entries: readonly Entry[], ids: readonly number[]): { kept: Entry[]; orphans: string } {
  const kept: Entry[] = [];
  let orphans = "";
  for (const entry of entries) {
    if (ids.includes(entry.id) && !kept.some(({ id }) => id === entry.id)) {
      kept.push({ ...entry, lead: orphans + entry.lead });
      orphans = "";
    } else orphans += withoutSpaceAtEnd(entry.lead);
  }
  return { kept, orphans };
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
    const to = next?.start ?? element.contentEnd;
    const line = lineBreak(doc, element, from, to) ?? from;
    return { tail: doc.text.slice(from, line), lead: doc.text.slice(line, to) };
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

/** The first line break between two places that is not within a comment. */
function lineBreak(doc: XmlDoc, element: XmlElement, from: number, to: number): number | undefined {
  for (const node of element.nodes) {
    if (node.kind !== "text" || node.start < from || node.end > to) continue;
    const line = doc.text.slice(node.start, node.end).search(/[\r\n]/);
    if (line >= 0) return node.start + line;
  }
  return undefined;
}

function wrapIn(doc: XmlDoc, element: XmlElement, content: string): string {
  if (!element.selfClosing)
    return (
      doc.text.slice(element.start, element.contentStart) + content + doc.text.slice(element.contentEnd, element.end)
    );
  const open = rawOf(doc, element).replace(/\s*\/>$/, ">");
  return `${open}${content}</${element.name}>`;
}

/** For an element without entries: comments in it stay in front. */
function freshContent(place: AffinityPlace, element: XmlElement, ids: readonly number[]): string {
  const gaps = gapsBelow(place, lastLine(gapBefore(place.doc, element).text));
  const before = withoutSpaceAtEnd(place.doc.text.slice(element.contentStart, element.contentEnd));
  return before + freshEntries(place, gaps, ids);
}

function freshEntries(place: AffinityPlace, gaps: Gaps, ids: readonly number[]): string {
  return ids.map((id) => gaps.entry + entryText(place, gaps, id, false)).join("") + gaps.end;
}

function entryText({ dialect }: AffinityPlace, gaps: Gaps, id: number, marked: boolean): string {
  const number = `<pcpu_id>${id}</pcpu_id>`;
  if (dialect === "2.x") return number;
  const mark = marked ? `${gaps.part}<real_time_vcpu>y</real_time_vcpu>` : "";
  return `<pcpu>${gaps.part}${number}${mark}${gaps.partEnd}</pcpu>`;
}
