/** A text in which every line ends with LF, and the way back. */
export interface Normalised {
  text: string;
  /** The offset in the source that `offset` of `text` stands for. */
  toSource(offset: number): number;
}

/**
 * XML 1.0, 2.11: a processor sees CRLF and lone CR as LF. Done here rather than left to parse-xml, which needs
 * quadratic time for it (4.2.1: one copy of the text node per CR) and counts no line at a lone CR.
 */
export function normaliseLineEndings(source: string): Normalised {
  if (!source.includes("\r")) return { text: source, toSource: (offset) => offset };
  const dropped: number[] = [];
  const text = source.replace(/\r\n?/g, (end, at: number) => {
    if (end.length === 2) dropped.push(at - dropped.length);
    return "\n";
  });
  return { text, toSource: (offset) => offset + countBelow(dropped, offset) };
}

/** How many of the ascending `values` are below `limit`. */
function countBelow(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
