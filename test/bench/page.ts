import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../tools/paths";

const PAGE = join(ROOT, "docs", "measures.md");

/** Between these lines the page is the bench's; the rest is written by hand. */
const MARKS = { from: "<!-- table: npm run bench -->", to: "<!-- end of table -->" };

/** Replaces the table of docs/measures.md by this one. */
export function writePage(text: string): void {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(MARKS.from), page.indexOf(MARKS.to)];
  if (from < 0 || to < from) throw new Error(`docs/measures.md has no ${MARKS.from} ... ${MARKS.to}`);
  writeFileSync(PAGE, `${page.slice(0, from + MARKS.from.length)}\n\n${text}\n\n${page.slice(to)}`);
}

/** How many processors there are, and how busy they were in the last minute: a loaded machine's figures are worth less. */
export function machine(): string {
  const [minute = 0] = loadavg();
  return `${minute.toFixed(1)} on ${cpus().length} processors, Node ${process.versions.node}`;
}
