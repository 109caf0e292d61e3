import { AcrnError } from "../errors";
import { placeAt } from "./place";

/** Strict UTF-8 to text. A BOM stays, so that what is written back starts as the file did. */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return strictly(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw badByte(bytes, firstBadByte(bytes) ?? 0, file);
  }
}

function strictly(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** The decoder says that there is one (WHATWG Encoding, 8.2.1: a TypeError), and not where. */
function badByte(bytes: Uint8Array, bad: number, file: string): AcrnError {
  const text = strictly(bytes.subarray(0, bad));
  const byte = (bytes[bad] ?? 0).toString(16).padStart(2, "0");
  return new AcrnError("text.utf8", `not valid UTF-8: byte 0x${byte} at offset ${bad}`, {
    where: placeAt(text, text.length, file),
    hint: hint(bytes),
  });
}

function hint(bytes: Uint8Array): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const from = utf16 ? "UTF-16" : "ISO-8859-1";
  const guess = utf16 ? "It looks like UTF-16" : "It may be Latin-1 or cut in the middle of a character";
  return `${guess}. Convert the file to UTF-8 first: iconv -f ${from} -t UTF-8 OLD > NEW`;
}

/** Offset of the first byte that no well-formed sequence holds. */
function firstBadByte(bytes: Uint8Array): number | undefined {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return undefined;
}

/** Length of the well-formed sequence at `at`, or 0. The ranges are table 3-7 of the Unicode Standard. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const [low, high] = secondByte(lead);
  if (!within(bytes[at + 1], low, high)) return 0;
  for (let i = 2; i < length; i++) if (!within(bytes[at + i], 0x80, 0xbf)) return 0;
  return length;
}

/** No overlong forms (E0, F0), no surrogates (ED), nothing above U+10FFFF (F4). */
function secondByte(lead: number): [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  if (lead === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

function within(byte: number | undefined, low: number, high: number): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}
