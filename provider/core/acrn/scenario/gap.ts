import type { XmlDoc, XmlElement } from "../../xml";

/** The white space right before an element. */
export function gapBefore(doc: XmlDoc, element: XmlElement): { start: number; text: string } {
  const start = withoutSpaceAtEnd(doc.text.slice(0, element.start)).length;
  return { start, text: doc.text.slice(start, element.start) };
}

/** White space as XML has it (section 2.3): trimEnd would take more. */
export function withoutSpaceAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r\n".includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

export function spaceAtEnd(text: string): string {
  return text.slice(withoutSpaceAtEnd(text).length);
}

/** White space from its last line break on; all of it where there is none. */
export function lastLine(space: string): string {
  return /(\r\n|\r|\n)[ \t]*$/.exec(space)?.[0] ?? space;
}

/** Where the next element goes: a comment on the element's line goes on speaking of it. */
export function behindRemark(doc: XmlDoc, parent: XmlElement, element: XmlElement): number {
  let at = element.end;
  for (const node of parent.nodes.filter(({ start }) => start >= element.end)) {
    if (/[\r\n]/.test(doc.text.slice(at, node.start)) || (node.kind === "text" && /[^ \t]/.test(node.value))) break;
    if (node.kind === "comment") at = node.end;
    else if (node.kind !== "text") break;
  }
  return at;
}
