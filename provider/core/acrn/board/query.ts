import { AcrnError } from "../../errors";
import { child, parseXml, placeOf, type XmlDoc, type XmlElement } from "../../xml";

/** A board file under reading: what every part reader needs, and what it adds to `Topology.missing`. */
export interface BoardFile {
  doc: XmlDoc;
  root: XmlElement;
  missing: string[];
}

export function openBoard(text: string, file: string): BoardFile {
  const doc = parseXml(text, file);
  const board: BoardFile = { doc, root: doc.root, missing: [] };
  if (doc.root.name === "acrn-config") return board;
  throw refuse(board, doc.root, "board.root", `the root is <${doc.root.name}>, not <acrn-config>`);
}

/** The error of a file that contradicts itself or holds what no board inspector writes; `at` is where. */
export function refuse(board: BoardFile, at: XmlElement, code: string, summary: string): AcrnError {
  return new AcrnError(code, summary, {
    where: placeOf(board.doc, at),
    hint: "Make the board file again on the target with ACRN's board_inspector.py, with every CPU online.",
  });
}

/** The text of a child element, trimmed; undefined when the child is absent or empty. */
export function textOf(element: XmlElement, name: string): string | undefined {
  const text = child(element, name)?.value.trim();
  return text === "" ? undefined : text;
}

/** `0x` and hex digits, as board files write ids and addresses; small enough for bit operations on it to be safe. */
export function hexNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^0[xX][0-9a-fA-F]{1,8}$/.test(text) ? Number(text) : undefined;
}

export function decimalNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
