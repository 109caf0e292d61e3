import pc from "picocolors";
import { visible } from "../../provider/core/text/visible";
import type { Io } from "./io";

export type Paint = (text: string) => string;
export type Colours = ReturnType<typeof pc.createColors>;

const plain: Paint = (text) => text;

/**
 * The one way to the terminal. Every line is made harmless first and coloured afterwards, so that no text of a host, a
 * file or an error can carry an escape sequence of its own.
 */
export class Output {
  readonly colours: Colours;
  readonly noteColours: Colours;
  #lastPhase = "";

  constructor(
    private readonly io: Io,
    readonly json: boolean,
  ) {
    this.colours = pc.createColors(!json && coloured(io, io.outIsTerminal));
    this.noteColours = pc.createColors(coloured(io, io.errIsTerminal));
  }

  /** What was asked for. With `--json` only the document is, and this is silent. */
  say(text = "", paint: Paint = plain): void {
    if (!this.json) this.io.out(lines(text, paint));
  }

  /** Beside what was asked for: stderr. */
  note(text: string, paint: Paint = plain): void {
    this.io.err(lines(text, paint));
  }

  warn(text: string): void {
    this.note(`warning: ${text}`, this.noteColours.yellow);
  }

  /** A phase of something under way; one that repeats is said once. */
  progress(phase: string): void {
    if (phase !== this.#lastPhase) this.note(`${phase} ...`, this.noteColours.dim);
    this.#lastPhase = phase;
  }

  /** The one document of `--json`. */
  document(data: unknown): void {
    if (this.json) this.io.out(`${jsonText(data)}\n`);
  }

  /** Bytes as they are; on a terminal made harmless. */
  bytes(bytes: Uint8Array): void {
    if (this.io.outIsTerminal) this.io.out(lines(new TextDecoder().decode(bytes).replace(/\n$/, ""), plain));
    else this.io.out(bytes);
  }
}

function lines(text: string, paint: Paint): string {
  return text
    .split("\n")
    .map((line) => `${line === "" ? "" : paint(visible(line))}\n`)
    .join("");
}

/** https://no-color.org: any value that is not empty switches colours off; FORCE_COLOR switches them on. */
function coloured(io: Io, terminal: boolean): boolean {
  if (io.env.NO_COLOR) return false;
  if (io.env.FORCE_COLOR && io.env.FORCE_COLOR !== "0") return true;
  return terminal && io.env.TERM !== "dumb";
}

/** JSON.stringify leaves DEL, C1 controls and marks that reorder text as they are; a terminal would obey them. */
function jsonText(data: unknown): string {
  return JSON.stringify(data, null, 2).replace(/[^\n\x20-\x7e]/gu, (char) =>
    visible(char) === char ? char : escaped(char),
  );
}

function escaped(char: string): string {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
