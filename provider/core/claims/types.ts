/** What a field may hold. `null` is a wish of its own: the field shall not be there. */
export type FieldValue =
  | null
  | boolean
  | number
  | string
  | readonly FieldValue[]
  | { readonly [key: string]: FieldValue };

/** What a field was before anybody claimed it. `raw` is its exact source, so that giving back is byte for byte. */
export type Baseline = { kind: "absent" } | { kind: "value"; value: FieldValue; raw: string };

/**
 * One resource's standing on a machine: who wishes, and since when. There is one per URN and stack; a create at a URN
 * that already has one only gives it a new id, so a rename, a `--replace` or an answer that was lost never leaves a twin.
 */
export interface Owner {
  id: string;
  stack: string;
  urn: string;
  /** Resource type: `AcrnHost`, `CorePartition`, ... */
  kind: string;
  /** Of two owners of one field the higher one gives its value. */
  sequence: number;
}

export interface FieldRecord {
  /** Missing while the field has no place yet (a VM that the scenario lacks): then the claim is a reservation. */
  baseline?: Baseline;
  /** What we wrote last, and what we had written before that: neither is somebody else's edit. */
  applied?: FieldValue;
  previous?: FieldValue;
  /** Owner id -> wish. */
  claims: Record<string, FieldValue>;
}

export interface DocumentRecord {
  path: string;
  /** The whole text at the first claim; null when the file was not there. */
  original: string | null;
  /** What the file was made from when it was not there. */
  origin?: Origin;
}

export interface Origin {
  /** Path on the machine, or the name of the imported file. */
  label: string;
  sha256: string;
  text: string;
  /** The user's own file: the host's record then no longer counts, not even for a stack that does not name the file. */
  imported?: true;
}

/** The machine's own record, `/var/lib/pulumi-acrn/ledger.json`. Maps are plain objects with sorted keys. */
export interface Ledger {
  format: 1;
  sequence: number;
  owners: Record<string, Owner>;
  documents: Record<string, DocumentRecord>;
  /** By field id: `<document> <key>`, e.g. `scenario vm[POST_RT_VM1]/cpu_affinity`. */
  fields: Record<string, FieldRecord>;
}

/** What a document says of one field. */
export type Reading =
  | { kind: "value"; value: FieldValue; raw: string }
  | { kind: "absent" }
  /** The field cannot be there: its VM is missing, or the dialect has no such element. */
  | { kind: "no-place"; why: string };

/** How fields are read from and put into one kind of file. Pure; every byte outside the field stays. */
export interface Surface {
  read(text: string, file: string, key: string): Reading;
  /** `null` removes the field. Writing what is already there returns the same text. */
  write(text: string, file: string, key: string, value: FieldValue): string;
  /** Puts recorded bytes back; undefined removes what a write had inserted. */
  restore(text: string, file: string, key: string, raw: string | undefined): string;
  /** Fields of which none says anything else when another one is written: those are written at once. */
  apart?: Apart;
  /** Can this be a value of the field that we recorded, and `raw` its source? A field that is not known here takes anything. */
  takes(key: string, value: FieldValue, raw?: string): boolean;
  /** Do both texts hold the same fields (comments count, white space does not)? */
  sameFields(a: string, b: string, file: string): boolean;
  /** A value for people: `2-3`. */
  show(value: FieldValue): string;
}

export interface Apart {
  has(key: string): boolean;
  /** What one `write` after the other gives, in any order. */
  write(text: string, file: string, values: readonly (readonly [key: string, value: FieldValue])[]): string;
}

/** A file of the machine that holds fields. */
export interface Document {
  /** First word of its field ids: `scenario`. */
  id: string;
  path: string;
  surface: Surface;
  /** The text on the machine; undefined when the file is not there. */
  live: string | undefined;
  /** Where its text comes from as long as it is not there, and what it follows afterwards. */
  origin?: Origin;
  /** What its fields are read from as long as it is neither there nor has an origin: a file that a claim may make from nothing. */
  blank?: string;
  /** What is new in it stands in the order of the wishes (words on a line); else in the order of the field ids. */
  asWished?: true;
  /** Octal permission bits that it gets when a claim makes it. @default "0644" */
  mode?: string;
}

export type Documents = ReadonlyMap<string, Document>;

/** One field that a resource wants to have a value. */
export interface Wish {
  field: string;
  value: FieldValue;
}

/** The text that fields are read from: the file, else what it would be made from. */
export function currentText(document: Document): string | undefined {
  return document.live ?? document.origin?.text ?? document.blank;
}

/** `scenario vm[X]/cpu_affinity` -> `["scenario", "vm[X]/cpu_affinity"]`. */
export function splitField(field: string): [document: string, key: string] {
  const blank = field.indexOf(" ");
  return [field.slice(0, blank), field.slice(blank + 1)];
}
