import type { XmlDocument } from "@rgrove/parse-xml";
import { parseXml as parse, XmlError } from "@rgrove/parse-xml";
import { AcrnError } from "../errors";
import { lineStarts, offsetOfChar, placeAt } from "../text/place";
import { visible } from "../text/visible";
import { checkLimits } from "./limits";
import { type Normalised, normaliseLineEndings } from "./line-endings";
import { buildTree } from "./tree";
import type { XmlDoc } from "./types";

/**
 * Parses strictly, without a DOCTYPE and without entities but the five of XML. Throws an AcrnError with a place:
 * `xml.syntax` for what is not well-formed, `xml.size|limit|doctype|surrogate|encoding` for what is not accepted.
 */
export function parseXml(text: string, file: string): XmlDoc {
  checkLimits(text, file);
  const normal = normaliseLineEndings(text);
  const { nodes, root } = buildTree(parsed(text, normal, file), text, normal.toSource);
  refuseSloppyReferences(text, nodes, file);
  return { text, file, root, nodes, lineStarts: lineStarts(text) };
}

function parsed(text: string, normal: Normalised, file: string): XmlDocument {
  try {
    // CDATA stays apart from text: in it `&` is no reference.
    return parse(normal.text, { includeOffsets: true, preserveComments: true, preserveCdata: true });
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    // `pos` counts characters, not UTF-16 units.
    const at = normal.toSource(offsetOfChar(normal.text, error.pos));
    throw syntaxError(text, at, file, summary(error), error);
  }
}

function syntaxError(text: string, at: number, file: string, what: string, cause?: unknown): AcrnError {
  const hint = text.includes("\0")
    ? "The file holds NUL characters: it may be UTF-16. Convert it: iconv -f UTF-16 -t UTF-8 OLD > NEW"
    : "Mend the file at that place; `xmllint --noout FILE` checks it.";
  return new AcrnError("xml.syntax", what, { where: placeAt(text, at, file), hint, cause });
}

/** The library's sentence without its own place and excerpt. It may quote the text: shortened and made harmless. */
function summary(error: XmlError): string {
  const end = error.message.lastIndexOf(` (line ${error.line}, column ${error.column})\n`);
  const said = error.message.slice(0, Math.min(end === -1 ? 200 : end, 200)).replaceAll("\t", " ");
  return visible(said.charAt(0).toLowerCase() + said.slice(1));
}

/** `&#65x;` and `&#x41zz;` pass the library (parseInt reads their start), but not libxml2, which ACRN's tools use. */
function refuseSloppyReferences(text: string, nodes: XmlDoc["nodes"], file: string): void {
  const found = [...text.matchAll(/&#(?!x[0-9a-fA-F]+;|[0-9]+;)/g)].map((match) => match.index);
  if (found.length === 0) return;
  const verbatim: { start: number; end: number }[] = [];
  const collect = (list: XmlDoc["nodes"]): void => {
    for (const node of list) {
      if (node.kind === "element") collect(node.nodes);
      else if (node.kind !== "text") verbatim.push(node);
    }
  };
  collect(nodes);
  let next = 0; // both lists ascend
  for (const at of found) {
    while ((verbatim[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next++;
    if ((verbatim[next]?.start ?? Number.POSITIVE_INFINITY) <= at) continue;
    throw syntaxError(text, at, file, "invalid character reference");
  }
}
