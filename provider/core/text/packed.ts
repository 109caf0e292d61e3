/**
 * Data of hardware, in fewer bytes: a state keeps every output twice, and a board's cores differ in little more than their
 * number. Lists of records become tables, a column each; numbers that rise evenly become runs. Not a compression of bytes,
 * because its result has to be the same on every machine and with every version of a library.
 *
 * `{"#": [[rows, {key: column}]...]}` is a list of records, a part for each set of keys; see `Column` for the columns.
 */
type Table = { "#": [rows: number, columns: Record<string, Column>][] };

type Column =
  /** Whole numbers: `0+2*32 70` is 0, 2, 4 and so on to 32 of them, then 70. */
  | string
  /** Lists of whole numbers: their lengths, and all of them one after the other. */
  | [lengths: string, numbers: string]
  /** The same in every row. */
  | { all: unknown }
  | { each: unknown[] };

type Bag = Record<string, unknown>;

export function pack(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 1 && value.every(isBag) ? tableOf(value) : value.map(pack);
  return isBag(value) ? mapped(value, pack) : value;
}

/** What `pack` was given; what never was packed stays as it is. */
export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (!isBag(value)) return value;
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
  const [first] = values;
  const alike = values.every((value) => JSON.stringify(value) === JSON.stringify(first));
  return alike ? { all: pack(first) } : { each: values.map(pack) };
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

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTable(value: Bag): value is Table {
  return Array.isArray(value["#"]) && Object.keys(value).length === 1;
}

function mapped(bag: Bag, change: (value: unknown) => unknown): Bag {
  return Object.fromEntries(Object.entries(bag).map(([key, value]) => [key, change(value)]));
}
