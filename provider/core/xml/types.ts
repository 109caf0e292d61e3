/** A parsed document over its untouched text. Positions are UTF-16 offsets into `text`. */
export interface XmlDoc {
  readonly text: string;
  /** For messages only. */
  readonly file: string;
  readonly root: XmlElement;
  /** The root with the comments and instructions around it, in document order. */
  readonly nodes: readonly XmlNode[];
  /** Offsets at which lines start. */
  readonly lineStarts: readonly number[];
}

export type XmlNode = XmlElement | XmlOther;

export interface XmlElement {
  readonly kind: "element";
  readonly name: string;
  /** Decoded, in document order. A map, so that an attribute may have any name. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Undefined for the root. */
  readonly parent: XmlElement | undefined;
  /** Elements only. */
  readonly children: readonly XmlElement[];
  /** Everything inside, in document order. */
  readonly nodes: readonly XmlNode[];
  /** The decoded text directly inside, whitespace included. */
  readonly value: string;
  /** The whole element, tags included: `text.slice(start, end)`. */
  readonly start: number;
  readonly end: number;
  /** What lies between the tags; both are `end` when the element closes itself. */
  readonly contentStart: number;
  readonly contentEnd: number;
  /** Written `<x/>`. */
  readonly selfClosing: boolean;
}

/** Text, CDATA, a comment or a processing instruction; `value` is its decoded content. */
export interface XmlOther {
  readonly kind: "text" | "cdata" | "comment" | "instruction";
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** An element to be written: a leaf with text, or a branch with children. */
export type XmlSpec = XmlLeaf | XmlBranch;

interface XmlLeaf {
  name: string;
  attributes?: Readonly<Record<string, string>>;
  /** Plain text; escaped when written. Absent or empty: `<x/>`. */
  text?: string;
  children?: never;
}

interface XmlBranch {
  name: string;
  attributes?: Readonly<Record<string, string>>;
  text?: never;
  children: readonly XmlSpec[];
}

/** Where among the children of a parent: beside one of them, or behind everything in it. */
export type XmlWhere = { before: XmlElement } | { after: XmlElement } | "last";
