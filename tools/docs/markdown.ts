/** A table, aligned so that it reads as well in a terminal. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const rows = [head, ...body].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  const [first = [], ...others] = rows;
  return [line(first), line(rule), ...others.map(line)].join("\n");
}

export const code = (text: string): string => `\`${text}\``;

/** Between these lines a page is made of data; the rest of it is written by hand. */
export interface Marks {
  from: string;
  to: string;
}

/** The page with `text` between its marks. @throws Error where it has none */
export function withGenerated(page: string, { from, to }: Marks, text: string): string {
  const start = page.indexOf(from);
  const end = page.indexOf(to, start);
  if (start < 0 || end < 0) throw new Error(`the page has no ${from} ... ${to}`);
  return `${page.slice(0, start + from.length)}\n\n${text}\n\n${page.slice(end)}`;
}
