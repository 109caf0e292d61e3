import type { Token } from "./tokens";

/** What runs together or not at all: the script, a function's body, a branch, a loop, a subshell. */
export interface Block {
  parent?: Block;
  /** `(`: ended by `)`. A case has a block of its own for each branch. */
  kind: "(" | "case" | "branch" | "other";
  /** Set where the block is a function's body. */
  functionName?: string;
  start: number;
  /** Missing where the script ends first. */
  end?: number;
}

/** `name=( ... )` or `name+=( ... )`. */
export interface ArrayLiteral {
  name: string;
  append: boolean;
  elements: Token[];
  line: number;
}

/** A simple command (POSIX.1-2017, 2.9.1), without its redirections. */
export interface Command {
  words: Token[];
  arrays: ArrayLiteral[];
  block: Block;
  /** After `&&` or `||`: it may not run although its block does. */
  conditional: boolean;
}

export interface Structure {
  commands: Command[];
  functions: Map<string, Block[]>;
}

/** Reserved words after which another command begins. */
const LEADING = new Set(["if", "then", "elif", "else", "while", "until", "do", "{", "!", "time"]);
const OPENING = new Set(["then", "else", "do", "case", "{"]);
const CLOSING = new Set(["fi", "elif", "else", "done", "esac", "}"]);

/** Commands, blocks and functions of a script: as much grammar as telling what runs unconditionally takes. */
export function structureOf(tokens: readonly Token[]): Structure {
  const reader = new Reader(tokens);
  return reader.read();
}

class Reader {
  private at = 0;
  private block: Block = { kind: "other", start: 0 };
  private readonly commands: Command[] = [];
  private readonly functions = new Map<string, Block[]>();
  private current: Command | undefined;
  /** The body that the next `{` or `(` opens is this function's. */
  private pending: string | undefined;
  private conditional = false;

  constructor(private readonly tokens: readonly Token[]) {}

  read(): Structure {
    for (; this.at < this.tokens.length; this.at++) {
      const token = this.tokens[this.at] as Token;
      if (token.kind === "word") this.word(token);
      else if (token.kind === "newline") this.lineEnd();
      else this.operator(token);
    }
    this.end();
    return { commands: this.commands, functions: this.functions };
  }

  private word(token: Token): void {
    if (!this.current && this.reserved(token)) return;
    this.current ??= { words: [], arrays: [], block: this.block, conditional: this.conditional };
    const array = /^([A-Za-z_]\w*)(\+?)=$/.exec(token.text);
    if (array && this.next()?.text === "(" && this.next()?.start === token.end)
      this.current.arrays.push(this.array(token, array[1] as string, array[2] === "+"));
    else this.current.words.push(token);
  }

  private reserved({ text, start }: Token): boolean {
    if (text === "function") {
      this.at++;
      this.pending = this.tokens[this.at]?.text;
      return true;
    }
    if (CLOSING.has(text)) this.pop(start, text === "esac");
    if (OPENING.has(text)) this.push(start, text === "case" ? "case" : "other");
    return LEADING.has(text) || CLOSING.has(text);
  }

  private operator(token: Token): void {
    const { text } = token;
    const follows = this.next();
    if (text === "<" || text === ">") this.redirection();
    else if (text === "(" && follows?.text === ")" && this.named()) this.at++;
    else this.separator(token, follows);
  }

  private separator({ text, start, end }: Token, follows: Token | undefined): void {
    const twice = follows?.text === text && follows.start === end && (text === "&" || text === "|");
    this.end();
    if (text === "(") this.push(start, "(");
    if (text === ")") this.closed(start);
    if (twice) {
      this.at++;
      this.conditional = true;
    }
  }

  /** `name ()` or `function name ()`: a definition. */
  private named(): boolean {
    if (this.current?.words.length === 1) this.pending = this.current.words[0]?.text;
    else if (this.current || this.pending === undefined) return false;
    this.current = undefined;
    return true;
  }

  /** Of a subshell, or of a pattern that begins the next branch of a case. */
  private closed(start: number): void {
    if (this.block.kind === "(") {
      this.pop(start);
      return;
    }
    if (this.block.kind === "branch") this.pop(start);
    if (this.block.kind === "case") this.push(start, "branch");
  }

  private redirection(): void {
    // A number before it is a file descriptor: VM names begin with a letter (reference 1.4).
    const last = this.current?.words.at(-1);
    const sign = this.tokens[this.at] as Token;
    if (last && /^\d$/.test(last.text) && last.end === sign.start) this.current?.words.pop();
    while (["<", ">", "&", "|"].includes(this.next()?.text ?? "")) this.at++;
    if (this.next()?.kind === "word") this.at++;
  }

  private array(token: Token, name: string, append: boolean): ArrayLiteral {
    const elements: Token[] = [];
    for (this.at += 2; this.at < this.tokens.length; this.at++) {
      const element = this.tokens[this.at] as Token;
      if (element.kind === "word") elements.push(element);
      else if (element.kind === "operator") break;
    }
    return { name, append, elements, line: token.line };
  }

  private next(): Token | undefined {
    return this.tokens[this.at + 1];
  }

  private end(): void {
    if (this.current) this.commands.push(this.current);
    this.current = undefined;
    this.conditional = false;
  }

  /** After `&&` the next command may stand on the next line. */
  private lineEnd(): void {
    if (this.current) this.end();
  }

  private push(start: number, kind: Block["kind"]): void {
    const name = this.pending;
    this.block = { parent: this.block, kind, start, ...(name === undefined ? {} : { functionName: name }) };
    if (name !== undefined) this.bodies(name).push(this.block);
    this.pending = undefined;
  }

  private bodies(name: string): Block[] {
    const bodies = this.functions.get(name) ?? [];
    this.functions.set(name, bodies);
    return bodies;
  }

  private pop(end: number, ofCase = false): void {
    if (ofCase && this.block.kind === "branch") this.pop(end);
    this.block.end = end;
    this.block = this.block.parent ?? this.block;
  }
}
