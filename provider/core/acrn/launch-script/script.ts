import { type ArrayLiteral, type Block, type Command, structureOf } from "./structure";
import { tokenize } from "./tokens";

/** Where something stands and runs. */
export interface Spot {
  block: Block;
  start: number;
  line: number;
}

/** `name=value`, run by the shell itself; `[start, end)` is the value as it is written. */
export interface Assignment extends Spot {
  name: string;
  end: number;
  append: boolean;
  conditional: boolean;
  /** Gone when its function ends. */
  local: boolean;
}

export interface ArrayAssignment extends ArrayLiteral, Spot {
  conditional: boolean;
}

/** A script with what its commands set. */
export interface Script {
  text: string;
  commands: readonly Command[];
  functions: ReadonlyMap<string, readonly Block[]>;
  assignments: ReadonlyMap<string, readonly Assignment[]>;
  arrays: ReadonlyMap<string, readonly ArrayAssignment[]>;
  /** Lines where a variable is set in another way: `read`, `for`, `unset`, a single element. */
  setters: ReadonlyMap<string, number>;
  /** Commands by their first word. */
  byName: ReadonlyMap<string, readonly Command[]>;
}

export function readScript(text: string): Script {
  const { commands, functions } = structureOf(tokenize(text));
  const index = new Index();
  for (const command of commands) index.add(command);
  for (const { 1: name, index: at } of text.matchAll(/\$\{([A-Za-z_]\w{0,63}):?=/g))
    index.setter(name as string, text.slice(0, at).split("\n").length);
  return { text, commands, functions, ...index };
}

const DECLARERS = new Set(["export", "declare", "local", "readonly", "typeset"]);
const SETTERS = new Set(["for", "select", "read", "unset", "mapfile", "readarray", "getopts", "printf", "let"]);
const ASSIGNMENT = /^([A-Za-z_]\w{0,63})(\+?)=/;

class Index {
  readonly assignments = new Map<string, Assignment[]>();
  readonly arrays = new Map<string, ArrayAssignment[]>();
  readonly setters = new Map<string, number>();
  readonly byName = new Map<string, Command[]>();

  add(command: Command): void {
    const { words, block, conditional } = command;
    const first = words[0]?.text ?? "";
    const declares = DECLARERS.has(first);
    // Before another command they are for that command alone (POSIX.1-2017, 2.9.1).
    const stay = declares || words.every(({ text }) => ASSIGNMENT.test(text));
    for (const word of words) {
      const [head, name = "", plus] = ASSIGNMENT.exec(word.text) ?? [];
      if (head === undefined || !stay) continue;
      const made = { name, append: plus === "+", block, conditional, line: word.line, end: word.end };
      push(this.assignments, name, { ...made, start: word.start + head.length, local: first === "local" });
    }
    for (const array of command.arrays)
      push(this.arrays, array.name, { ...array, block, conditional, start: array.elements[0]?.start ?? 0 });
    push(this.byName, first, command);
    this.others(command, first);
  }

  setter(name: string, line: number): void {
    if (!this.setters.has(name)) this.setters.set(name, line);
  }

  private others({ words, block }: Command, first: string): void {
    const sets = SETTERS.has(first) || isArithmetic(block);
    // `declare -i` computes, `declare -n` names another variable.
    const odd = DECLARERS.has(first) && words.some(({ text }) => /^-\w*[niul]/.test(text));
    for (const { text, line } of words) {
      const element = /^([A-Za-z_]\w{0,63})\[/.exec(text)?.[1];
      if (element !== undefined) this.setter(element, line);
      if (sets || odd) for (const name of text.match(/[A-Za-z_]\w{0,63}/g) ?? []) this.setter(name, line);
    }
  }
}

/** `(( ... ))` */
function isArithmetic({ kind, start, parent }: Block): boolean {
  return kind === "(" && parent?.kind === "(" && parent.start === start - 1;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
