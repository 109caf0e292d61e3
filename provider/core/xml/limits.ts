import { AcrnError } from "../errors";
import { placeAt } from "../text/place";
import { tagEnd } from "./scan";

/** The largest board file that ACRN ships (generic_board.xml of 3.4-dev) has 290 KB, 9 levels and 4,300 elements. */
export const LIMITS = { chars: 4 * 1024 * 1024, depth: 64, elements: 200_000 } as const;

/**
 * Refuses what a parser should not be given: it descends by recursion and keeps a node for each element. One pass,
 * linear in the text; what is not well-formed is left for the parser to name.
 */
export function checkLimits(text: string, file: string): void {
  if (text.length > LIMITS.chars) {
    const mib = (n: number) => (n / 1024 / 1024).toFixed(1);
    throw new AcrnError("xml.size", `${mib(text.length)} Mi characters of XML, the limit is ${mib(LIMITS.chars)}`, {
      where: { file, line: 1, column: 1 },
      hint: "ACRN's board and scenario files stay far below; is this the right file?",
    });
  }
  refuseLoneSurrogates(text, file);
  refuseOtherEncodings(text, file);
  walkMarkup(text, file);
}

function refuseLoneSurrogates(text: string, file: string): void {
  const at = text.search(/\p{Surrogate}/u);
  if (at === -1) return;
  throw new AcrnError("xml.surrogate", "half of a surrogate pair is no character", {
    where: placeAt(text, at, file),
    hint: "The text was cut inside a character or decoded wrongly; write the file anew as UTF-8.",
  });
}

/** We read UTF-8. ACRN's tools would obey the declaration and read other characters. */
export function refuseOtherEncodings(text: string, file: string): void {
  const declared = /^\ufeff?<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(text);
  const name = declared?.[1];
  if (name === undefined || /^utf-?8$/i.test(name)) return;
  const at = text.search(/[\u0080-\ufefe\uff00-\uffff]/);
  if (at === -1) return;
  throw new AcrnError("xml.encoding", `the file declares encoding ${name}, but it is read as UTF-8`, {
    where: placeAt(text, at, file),
    hint: `Convert it (iconv -f ${name} -t UTF-8) and declare encoding="UTF-8".`,
  });
}

const [BANG, SLASH, QUESTION] = [0x21, 0x2f, 0x3f];

/** Depth and number of elements, and no DOCTYPE. */
function walkMarkup(text: string, file: string): void {
  let depth = 0;
  let elements = 0;
  for (let at = text.indexOf("<"); at !== -1; ) {
    const end = markupEnd(text, at);
    if (end === undefined) return;
    const next = text.charCodeAt(at + 1);
    if (next === BANG) refuseDoctype(text, at, file);
    else if (next === SLASH) depth--;
    else if (next !== QUESTION) {
      if (depth + 1 > LIMITS.depth) throw tooMuch(text, at, file, `more than ${LIMITS.depth} levels of elements`);
      if (++elements > LIMITS.elements) throw tooMuch(text, at, file, `more than ${LIMITS.elements} elements`);
      if (text.charCodeAt(end - 2) !== SLASH) depth++;
    }
    at = text.indexOf("<", end);
  }
}

/** Offset behind the comment, CDATA section, instruction, declaration or tag at `at`; undefined when it is not closed. */
function markupEnd(text: string, at: number): number | undefined {
  const next = text.charCodeAt(at + 1);
  if (next === QUESTION) return behind(text, "?>", at + 2);
  if (next !== BANG) return tagEnd(text, at);
  if (text.startsWith("<!--", at)) return behind(text, "-->", at + 4);
  if (text.startsWith("<![CDATA[", at)) return behind(text, "]]>", at + 9);
  return at + 2;
}

function behind(text: string, mark: string, from: number): number | undefined {
  const found = text.indexOf(mark, from);
  return found === -1 ? undefined : found + mark.length;
}

/** A DOCTYPE is where entities are declared ("billion laughs", external files). ACRN's files have none. */
function refuseDoctype(text: string, at: number, file: string): void {
  if (text.slice(at, at + 9).toUpperCase() !== "<!DOCTYPE") return;
  throw new AcrnError("xml.doctype", "a DOCTYPE is not accepted", {
    where: placeAt(text, at, file),
    hint: "Remove the declaration; entities are not expanded, and ACRN needs none.",
  });
}

function tooMuch(text: string, at: number, file: string, what: string): AcrnError {
  return new AcrnError("xml.limit", what, {
    where: placeAt(text, at, file),
    hint: "No file of ACRN comes near that; is this the right file?",
  });
}
