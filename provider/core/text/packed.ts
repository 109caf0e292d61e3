/**
 * Data of hardware, in fewer bytes: a state keeps every output twice, and a board's cores differ in little more than their
 * number. Lists of records become tables, a column each; numbers that rise evenly become runs. Not a compression of bytes,
 * because its result has to be the same on every machine and with every version of a library.
 *
 * `{"#": [[rows, {key: column}]...]}` is a list of records, a part for each set of keys; see `Column` for the columns.
 * `{"=": x}` is `{known: true, value: x}`, as facts are.
 */
type Table = { "#": [rows: number, columns: Record<string, Column>][] };

type Column =
  /** Whole numbers: `0+2*32 70` is 0, 2, 4 and so on to 32 of them, then 70. */
  | string
  /** Lists of whole numbers: their lengths, and all of them one after the other. */
  | [lengths: string, numbers: string]
  /** The same in every row. */
  | { all: unknown }
  /** Ids as boards write them, `0x1f`: as numbers. */
  | { hex: string }
  /** Values that several rows after each other have: how many, and what. */
  | { runs: [rows: number, value: unknown][] }
  | { each: unknown[] };

type Bag = Record<string, unknown>;

export function pack(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 1 && value.every(isBag) ? tableOf(value) : value.map(pack);
  if (!isBag(value)) return value;
  return isKnown(value) ? { "=": pack(value.value) } : mapped(value, pack);
}

/** What `pack` was given; what never was packed stays as it is. */
export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (!isBag(value)) return value;
  if (isPackedKnown(value)) return { known: true, value: unpack(value["="]) };
  return isTable(value) ? value["#"].flatMap(rowsOf) : mapped(value, unpack);
}

function tableOf(records: readonly Bag[]): Table {
  const parts: Bag[][] = [];
  for (const record of records) {
    const last = parts.at(-1);
    if (last && keysOf(last[0] as Bag) === keysOf(record)) last.push(record);
    else parts.push([record]);
  }
  return { "#": parts.map((rows) => [rows.length, columnsOf(rows)]) };
}

function keysOf(record: Bag): string {
  return JSON.stringify(Object.keys(record).sort());
}

function columnsOf(rows: readonly Bag[]): Record<string, Column> {
  const keys = Object.keys(rows[0] as Bag);
  return Object.fromEntries(keys.map((key) => [key, columnOf(rows.map((row) => row[key]))]));
}

function columnOf(values: readonly unknown[]): Column {
  if (values.every(isCount)) return runsOf(values);
  if (values.every(isCounts)) return [runsOf(values.map((list) => list.length)), runsOf(values.flat())];
  if (values.every(isHex)) return { hex: runsOf(values.map(Number)) };
  const runs = alikeRuns(values);
  const [[, first] = [0, undefined]] = runs;
  if (runs.length === 1) return { all: pack(first) };
  return 2 * runs.length > values.length
    ? { each: values.map(pack) }
    : { runs: runs.map(([rows, value]) => [rows, pack(value)]) };
}

function alikeRuns(values: readonly unknown[]): [rows: number, value: unknown][] {
  const runs: [rows: number, value: unknown][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last && JSON.stringify(last[1]) === JSON.stringify(value)) last[0]++;
    else runs.push([1, value]);
  }
  return runs;
}

function rowsOf([rows, columns]: Table["#"][number]): Bag[] {
  const filled = Object.entries(columns).map(([key, column]) => [key, valuesOf(column, rows)] as const);
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(filled.map(([key, values]) => [key, values[row]])),
  );
}

function valuesOf(column: Column, rows: number): unknown[] {
  if (typeof column === "string") return numbersOf(column);
  if (Array.isArray(column)) return cut(numbersOf(column[1]), numbersOf(column[0]));
  if ("each" in column) return column.each.map(unpack);
  if ("hex" in column) return numbersOf(column.hex).map(hexOf);
  if ("runs" in column)
    return column.runs.flatMap(([count, value]) => Array.from({ length: count }, () => unpack(value)));
  return Array.from({ length: rows }, () => unpack(column.all));
}

function cut(numbers: readonly number[], lengths: readonly number[]): number[][] {
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return numbers.slice(at - length, at);
  });
}

/** A run is worth its marks from three numbers on. */
function runsOf(numbers: readonly number[]): string {
  const out: string[] = [];
  for (let at = 0; at < numbers.length; ) {
    const first = numbers[at] as number;
    const step = (numbers[at + 1] ?? first) - first;
    let count = 1;
    while (at + count < numbers.length && numbers[at + count] === first + step * count) count++;
    if (count < 3 || step < 0) count = 1;
    out.push(count === 1 ? `${first}` : `${first}+${step}*${count}`);
    at += count;
  }
  return out.join(" ");
}

function numbersOf(runs: string): number[] {
  return runs
    .split(" ")
    .filter((run) => run !== "")
    .flatMap((run) => {
      const [first = 0, step = 0, count = 1] = run.split(/[+*]/).map(Number);
      return Array.from({ length: count }, (_, index) => first + step * index);
    });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

/** Only what comes back as it was: no capitals, no leading zeros. */
function isHex(value: unknown): value is string {
  return typeof value === "string" && /^0x[0-9a-f]{1,12}$/.test(value) && hexOf(Number(value)) === value;
}

function hexOf(value: number): string {
  return `0x${value.toString(16)}`;
}

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKnown(value: Bag): boolean {
  return value.known === true && "value" in value && Object.keys(value).length === 2;
}

function isPackedKnown(value: Bag): boolean {
  return Object.hasOwn(value, "=") && Object.keys(value).length === 1;
}

function isTable(value: Bag): value is Table {
  return Array.isArray(value["#"]) && Object.keys(value).length === 1;
}

function mapped(bag: Bag, change: (value: unknown) => unknown): Bag {
  return Object.fromEntries(Object.entries(bag).map(([key, value]) => [key, change(value)]));
}
