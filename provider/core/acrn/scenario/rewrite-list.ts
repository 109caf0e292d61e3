import { render, type XmlDoc, type XmlElement, type XmlSpec } from "../../xml";
import { gapBefore, lastLine, spaceAtEnd, withoutSpaceAtEnd } from "./gap";
import { cutList, keepEntries, wrapIn } from "./list-text";
import { styleAt, withRaw } from "./vm-place";

/** What a list is to hold. Entries with the same key say the same. */
export interface WantedEntry {
  key: string | undefined;
  spec: XmlSpec;
}

/**
 * The text with these entries in a list, in this order. An entry that says what is wanted keeps its bytes with the comments
 * on its line; comments on lines of their own stay in any case. New ones are laid out like those that are there.
 */
export function rewriteList(
  doc: XmlDoc,
  list: XmlElement,
  keyOf: (entry: XmlElement) => string | undefined,
  wanted: readonly WantedEntry[],
): string {
  const chosen = choose(list.children, keyOf, wanted);
  const { head, entries, rest } = cutList(doc, list, list.children);
  const { kept, orphans } = keepEntries(entries, ({ element }) => chosen.includes(element));
  const outer = lastLine(gapBefore(doc, list).text);
  const first = entries[0];
  const lead = first ? lastLine(spaceAtEnd(first.lead)) : below(doc, list, outer);
  const style = styleAt(doc, lead, first?.element ?? list);
  const texts = wanted.map(({ spec }, at) => {
    const stays = kept.find(({ element }) => element === chosen[at]);
    return stays ? stays.lead + stays.raw + stays.tail : lead + render(spec, style, style?.eol ?? "\n");
  });
  const end = first ? rest : lead === "" ? "" : outer;
  const before = first ? head : withoutSpaceAtEnd(doc.text.slice(list.contentStart, list.contentEnd));
  return withRaw(doc, list, wrapIn(doc, list, before + texts.join("") + orphans + end));
}

/** For each wanted entry the first one that is there and says it, or undefined. */
function choose(
  entries: readonly XmlElement[],
  keyOf: (entry: XmlElement) => string | undefined,
  wanted: readonly WantedEntry[],
): (XmlElement | undefined)[] {
  const left = [...entries];
  return wanted.map(({ key }) => {
    const at = key === undefined ? -1 : left.findIndex((entry) => keyOf(entry) === key);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  });
}

function below(doc: XmlDoc, list: XmlElement, outer: string): string {
  const style = styleAt(doc, outer, list);
  return style ? outer + style.step : "";
}
