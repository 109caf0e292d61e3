import { child, type XmlElement } from "../../xml";
import { type AffinityPlace, type Gaps, gapsBelow, gapsLike } from "./affinity-layout";
import { behindRemark, gapBefore, lastLine, withoutSpaceAtEnd } from "./gap";
import { cutList, type Entry, keepEntries, wrapIn } from "./list-text";
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
  const { head, entries, rest } = cutList(doc, element, entriesOf(element, dialect));
  if (entries.length === 0) return wrapIn(doc, element, freshContent(place, element, ids));
  const gaps = gapsLike(place, element, (entries[0] as Entry).lead);
  const marked = place.realtime && entriesOf(element, dialect).some((entry) => child(entry, "real_time_vcpu"));
  const seen = new Set<number>();
  const stays = (id: number) => ids.includes(id) && !seen.has(id) && seen.add(id) !== undefined;
  const { kept: all, orphans } = keepEntries(entries, (entry) => stays(entryId(doc, entry.element, dialect)));
  const kept = all.map((entry) => ({ ...entry, id: entryId(doc, entry.element, dialect) }));
  const fresh = ids.filter((id) => !kept.some((entry) => entry.id === id));
  const added = fresh.map((id) => ({ id, lead: gaps.entry, raw: entryText(place, gaps, id, marked), tail: "" }));
  const sorted = [...kept, ...added].sort((a, b) => a.id - b.id);
  return wrapIn(doc, element, head + sorted.map(({ lead, raw, tail }) => lead + raw + tail).join("") + orphans + rest);
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
