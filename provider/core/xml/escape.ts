import { AcrnError } from "../errors";
import { visible } from "../text/visible";

/** XML 1.0, 2.2 (Char), turned round: controls, lone surrogates, U+FFFE and U+FFFF. No reference can write them either. */
const ILLEGAL = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** XML 1.0, 2.3 (Name). */
const NAME =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the joiners stand for themselves, as in the specification
  /^[:A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}][-.:\w\xb7\xc0-\xd6\xd8-\xf6\xf8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}]*$/u;

/** `>` is escaped too, as libxml2 writes it: ACRN's own tools save files that way. */
const TEXT: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };

/** Tabs and line ends would be read back as blanks (XML 1.0, 3.3.3). */
const ATTRIBUTE: Readonly<Record<string, string>> = { ...TEXT, '"': "&quot;", "\t": "&#9;", "\n": "&#10;" };

/** A value as element content; its line ends follow the file's (`eol`). */
export function escapeText(value: string, eol: string): string {
  refuseIllegal(value, "text");
  return value.replace(/[&<>\r]/g, (char) => TEXT[char] ?? char).replaceAll("\n", eol);
}

/** A value as an attribute between double quotes. */
export function escapeAttribute(value: string): string {
  refuseIllegal(value, "an attribute");
  return value.replace(/[&<>\r"\t\n]/g, (char) => ATTRIBUTE[char] ?? char);
}

/** The name itself, or an error. */
export function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new AcrnError("xml.name", `"${visible(name.slice(0, 80))}" cannot be the name of an element or attribute`, {
    hint: "A name starts with a letter or _ and goes on with letters, digits, '-', '_' and '.'.",
  });
}

function refuseIllegal(value: string, where: string): void {
  const at = value.search(ILLEGAL);
  if (at === -1) return;
  const code = (value.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  throw new AcrnError(
    "xml.character",
    `U+${code} (at position ${at + 1} of the value) cannot stand in ${where} of XML`,
    {
      hint: "Remove that character from the value.",
    },
  );
}
