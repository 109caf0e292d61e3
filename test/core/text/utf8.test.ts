import assert from "node:assert/strict";
import fc from "fast-check";
import { AcrnError } from "../../../provider/core/errors";
import { decodeUtf8 } from "../../../provider/core/text/utf8";

const bytes = (...parts: (string | number)[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part)])));

describe("decodeUtf8", () => {
  for (const text of ["", "a", "\ufeff<r/>", "ä€😀\0\r\n", "\u{10ffff}\ud7ff\ue000\u0080\u0800\u{10000}"])
    it(`takes ${JSON.stringify(text)}, BOM and all`, () => assert.equal(decodeUtf8(bytes(text), "f"), text));

  // bytes, line, column, offset of the bad byte, a word of the hint
  const rows: [string, Uint8Array, number, number, number, RegExp][] = [
    ["Latin-1", bytes("a\nb", 0xe4, "c"), 2, 2, 3, /ISO-8859-1/],
    ["UTF-16 LE with BOM", bytes(0xff, 0xfe, "<", 0), 1, 1, 0, /UTF-16 /],
    ["UTF-16 BE with BOM", bytes(0xfe, 0xff, 0, "<"), 1, 1, 0, /UTF-16 /],
    ["behind a BOM, CRLF and pairs", bytes("\ufeffa\r\n😀", 0xff), 2, 2, 10, /UTF-8/],
    ["a continuation byte alone", bytes("ab", 0x80), 1, 3, 2, /UTF-8/],
    ["cut in a character", bytes("a", 0xf0, 0x9f, 0x98), 1, 2, 1, /cut/],
    ["overlong of two", bytes(0xc0, 0xaf), 1, 1, 0, /UTF-8/],
    ["overlong of three", bytes(0xe0, 0x9f, 0xbf), 1, 1, 0, /UTF-8/],
    ["overlong of four", bytes(0xf0, 0x8f, 0xbf, 0xbf), 1, 1, 0, /UTF-8/],
    ["a surrogate", bytes("x", 0xed, 0xa0, 0x80), 1, 2, 1, /UTF-8/],
    ["above U+10FFFF", bytes(0xf4, 0x90, 0x80, 0x80), 1, 1, 0, /UTF-8/],
    ["a byte that never is", bytes("x", 0xf5), 1, 2, 1, /UTF-8/],
  ];
  for (const [title, data, line, column, offset, hint] of rows)
    it(`refuses ${title}`, () => {
      assert.throws(
        () => decodeUtf8(data, "f"),
        (error) => {
          assert(error instanceof AcrnError);
          assert.equal(error.code, "text.utf8");
          assert.deepEqual([error.where?.file, error.where?.line, error.where?.column], ["f", line, column]);
          assert.match(error.summary, new RegExp(`byte 0x${data[offset]?.toString(16)} at offset ${offset}$`));
          assert.match(error.hint ?? "", hint);
          return true;
        },
      );
    });

  it("agrees with Node on what is valid, and round-trips", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }).map((text) => [...Buffer.from(text)]),
      fc.array(fc.nat(255), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        const data = Uint8Array.from(pieces.flat());
        let wanted: string | undefined;
        try {
          wanted = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
        } catch {}
        if (wanted === undefined) assert.throws(() => decodeUtf8(data, "f"), AcrnError);
        else assert.deepEqual(new TextEncoder().encode(decodeUtf8(data, "f")), data);
      }),
      { numRuns: 2000 },
    );
  });
});
