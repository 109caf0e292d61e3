/** A line of a file, without its end. */
export interface FileLine {
  text: string;
  start: number;
  /** From 1. */
  number: number;
}

export function linesOf(text: string): FileLine[] {
  let start = 0;
  return text.split("\n").map((line, at) => {
    const made = { text: line, start, number: at + 1 };
    start += line.length + 1;
    return made;
  });
}

/** Lines as they are compared: neither white space around them nor empty lines count. */
export function essence(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}

/** The text with a line more at its end. */
export function withLine(text: string, line: string): string {
  return `${text === "" || text.endsWith("\n") ? text : `${text}\n`}${line}\n`;
}
