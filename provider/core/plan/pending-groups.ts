type Row = { field: string; evidence?: string | undefined };
type Bag = Record<string, unknown>;

/** What stands between two pieces of evidence. */
const AND = "; ";

/**
 * What is pending, as a state and a preview have it: fields of one state that need the same are one entry, and what is the
 * same for all of them stands there once, the evidence of the image above all. A state keeps every output twice.
 *
 * `{ state, needs, evidenceOfAll, fields: { "<field>": { written, built, evidence } } }`.
 */
export function grouped(rows: readonly Row[]): Bag[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { state, needs } = row as Bag;
    const [key, known] = freeGroup(groups, JSON.stringify([state, needs]), row.field);
    groups.set(key, [...known, row]);
  }
  return [...groups.values()].map(entryOf);
}

/** A field has one place in an entry. */
function freeGroup(groups: ReadonlyMap<string, Row[]>, key: string, field: string): [string, Row[]] {
  const known = groups.get(key) ?? [];
  return known.some((row) => row.field === field) ? freeGroup(groups, `${key}+`, field) : [key, known];
}

function entryOf(rows: readonly Row[]): Bag {
  const said = splitEvidence(rows);
  const [first] = said as [Bag];
  const shared = Object.keys(first).filter((key) => key !== "field" && said.every((row) => same(row[key], first[key])));
  const own = (row: Bag) => Object.fromEntries(Object.entries(row).filter(([key]) => !shared.includes(key)));
  const fields = said.map((row) => {
    const { field, ...rest } = own(row);
    return [field as string, rest] as const;
  });
  return { ...Object.fromEntries(shared.map((key) => [key, first[key]])), fields: Object.fromEntries(fields) };
}

/** `evidence` is what a field says alone, before `evidenceOfAll`, with which all of them end. */
function splitEvidence(rows: readonly Row[]): Bag[] {
  const parts = rows.map(({ evidence }) => evidence?.split(AND) ?? []);
  const [first = []] = parts;
  let ends = 0;
  while (ends < first.length && parts.every((each) => each.at(-1 - ends) === first.at(-1 - ends))) ends++;
  return rows.map(({ evidence: _said, ...row }, at) => {
    const own = parts[at]?.slice(0, parts[at].length - ends) ?? [];
    const all = first.slice(first.length - ends);
    return {
      ...row,
      ...(own.length > 0 ? { evidence: own.join(AND) } : {}),
      ...(all.length > 0 ? { evidenceOfAll: all.join(AND) } : {}),
    };
  });
}

/** The rows again, those of one entry after each other; rows of an older state stay as they are. */
export function ungrouped(entries: unknown): unknown {
  if (!Array.isArray(entries)) return entries;
  return entries.flatMap((entry: unknown) => {
    if (!isBag(entry) || !isBag(entry.fields)) return [entry];
    const { fields, ...shared } = entry;
    return Object.entries(fields).map(([field, own]) => rowOf({ field, ...shared, ...(own as Bag) }));
  });
}

function rowOf({ evidenceOfAll, ...row }: Bag): Bag {
  const said = [row.evidence, evidenceOfAll].filter((part) => part !== undefined);
  return said.length > 0 ? { ...row, evidence: said.join(AND) } : row;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
