import { visible } from "../../../provider/core/text/visible";

/** Columns side by side, two blanks apart. Lengths are those of what will be shown, not of what a host sent. */
export function table(rows: readonly (readonly string[])[], indent = "  "): string[] {
  const shown = rows.map((row) => row.map((cell) => visible(cell.replaceAll("\n", " "))));
  const widths: number[] = [];
  for (const row of shown) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return shown.map((row) => `${indent}${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd());
}
