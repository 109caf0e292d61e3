import type { Line, Row, Skipped } from "./figures";

const HEAD = ["", "what", "here", "baseline", "ratio", "goal"];

/** The table as Markdown, aligned so that it reads as well in a terminal. */
export function table(lines: readonly Line[]): string {
  const rows = [HEAD, ...lines.filter(isRow).map(cells)];
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? "").length)));
  const text = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [head = HEAD, ...body] = rows;
  return [text(head), rule, ...body.map(text)].join("\n");
}

/** What is missing in the table, a sentence each. */
export function skipped(lines: readonly Line[]): string[] {
  return lines.filter(isSkipped).map(({ measure, what, why }) => `(${measure}) ${what}: not measured, ${why}`);
}

function cells({ measure, what, figure, baseline, ratio, goal }: Row): string[] {
  return [measure, what, figure, baseline, ratio, goal];
}

function isSkipped(line: Line): line is Skipped {
  return "why" in line;
}

function isRow(line: Line): line is Row {
  return !isSkipped(line);
}
