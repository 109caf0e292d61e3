import { fieldKey } from "./keys";

/** One word of a kernel command line, with where it stands. */
export interface Param {
  /** White space before it. */
  gap: string;
  /** As it is written, quotes and all. */
  raw: string;
  start: number;
  end: number;
  /** As it is spelled. */
  name: string;
  /** The field that it belongs to: `-` and `_` are one, and pairs have one field. */
  key: string;
  /** `true`: there is no `=`. */
  value: string | true;
}

/** A command line taken apart: nothing of it is lost. */
export interface Cmdline {
  params: readonly Param[];
  /** What follows the last parameter: white space, and from `--` on what is init's [init/main.c]. */
  rest: string;
  /** A quote that does not end: it takes in whatever is put behind it. */
  open: boolean;
}

/** What ends a word: isspace() of lib/ctype.c without the byte 0xa0, which UTF-8 has within characters. */
const SPACE = /[ \t\n\v\f\r]*/y;

/** Never throws: a command line is foreign text. */
export function parseCmdline(text: string): Cmdline {
  const params: Param[] = [];
  let at = 0;
  for (;;) {
    const start = at + spaceAt(text, at).length;
    const { end, open } = wordAt(text, start);
    const raw = text.slice(start, end);
    if (raw === "" || raw === "--") return { params, rest: text.slice(at), open: false };
    params.push({ gap: text.slice(at, start), raw, start, end, ...split(raw) });
    if (open) return { params, rest: text.slice(end), open };
    at = end;
  }
}

/** The very text that was parsed. */
export function printCmdline({ params, rest }: Cmdline): string {
  return params.map(({ gap, raw }) => gap + raw).join("") + rest;
}

/**
 * A line that a boot loader joins of pieces, each taken apart for itself: no white space between two of them is anybody's to take. Behind a `--` all is init's.
 */
export function parsePieces(texts: readonly string[]): Cmdline[] {
  let init = false;
  return texts.map((text) => {
    const line: Cmdline = init ? { params: [], rest: text, open: false } : parseCmdline(text);
    init ||= line.rest.trim() !== "";
    return line;
  });
}

function spaceAt(text: string, at: number): string {
  SPACE.lastIndex = at;
  return SPACE.exec(text)?.[0] ?? "";
}

/** White space within quotes ends no word [lib/cmdline.c next_arg]. */
function wordAt(text: string, start: number): { end: number; open: boolean } {
  let open = false;
  let at = start;
  for (; at < text.length; at++) {
    if (text[at] === '"') open = !open;
    else if (!open && " \t\n\v\f\r".includes(text.charAt(at))) break;
  }
  return { end: at, open };
}

/** Name and value as next_arg gives them: `key="a b"` and `"key=a b"` say the same, and a `=` at the very beginning is part of the name. */
function split(raw: string): Pick<Param, "name" | "key" | "value"> {
  const quoted = raw.startsWith('"');
  const body = quoted ? raw.slice(1) : raw;
  const equals = body.indexOf("=", 1);
  const inner = equals > 0 && body[equals + 1] === '"';
  const end = body.length - ((quoted || inner) && body.endsWith('"') ? 1 : 0);
  const name = equals > 0 ? body.slice(0, equals) : body.slice(0, end);
  const from = equals + (inner ? 2 : 1);
  return { name, key: fieldKey(name), value: equals > 0 ? body.slice(from, Math.max(from, end)) : true };
}
