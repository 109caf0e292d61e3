import { headOf, shortened, textOf, UNKNOWN } from "./expand";
import type { Item, TemplateCall } from "./items";
import { arityOf, canonical, splitSlot } from "./options";

/** One argument of acrn-dm with the items that carry it. */
export interface Argument {
  /** `-m`, `--cpu_affinity`, `-s 3`. */
  name: string;
  /** `true`: a flag. Undefined: only running the script tells; `why` says what computes it. */
  value: string | true | undefined;
  why?: string;
  line: number;
  /** One, or two where option and value are words of their own. */
  items: readonly Item[];
  /** What stands before the value in its word: `3,` or `--cpu_affinity=`. */
  prefix: string;
}

/** A line that keeps the arguments from being told, and what it is about it. */
export interface Refusal {
  line: number;
  why: string;
}

/** The arguments of one call. */
export interface Parsed {
  arguments: Argument[];
  vm?: string;
  /** The item of the VM's name. */
  last?: Item;
  /** Names of arguments that may be there too, with the reason. */
  maybe: Map<string, Refusal>;
  refusal?: Refusal;
}

/** Reads items as getopt_long does (devicemodel/core/main.c): options anywhere, one operand, the VM's name. */
export function parseArguments(items: readonly Item[]): Parsed {
  const parser = new Parser(items);
  parser.run();
  return parser.parsed;
}

class Parser {
  readonly parsed: Parsed = { arguments: [], maybe: new Map() };
  private at = 0;
  private ended = false;

  constructor(private readonly items: readonly Item[]) {}

  run(): void {
    for (; this.at < this.items.length && !this.parsed.refusal; this.at++) this.item(this.items[this.at] as Item);
  }

  private item(item: Item): void {
    if (item.kind === "refused") this.refuse(item, item.why);
    else if (item.kind === "call") this.call(item, item.call);
    else if (item.kind === "maybe") this.maybe(item);
    else this.field(item, headOf(item.field), item.field.why);
  }

  private field(item: Item, head: string, why: string | undefined): void {
    if (head === "--" && why === undefined) this.ended = true;
    else if (this.ended || !/^-[\s\S]/.test(head)) this.operand(item, why === undefined ? head : undefined, why);
    else if (head.startsWith("--")) this.long(item, head, why);
    else this.short(item, head, why);
  }

  private operand(item: Item, value: string | undefined, why?: string): void {
    const last = this.at === this.items.length - 1;
    const many = item.kind === "field" && item.field.many;
    if (why !== undefined && (many || !last || this.parsed.last)) this.refuse(item, `${why}: that may be any argument`);
    else if (this.parsed.last)
      this.refuse(item, `${shortened(value ?? "")} is no option, and there can be but one VM name`);
    else {
      this.parsed.last = item;
      if (value) this.parsed.vm = value;
    }
  }

  private long(item: Item, head: string, why: string | undefined): void {
    const equals = head.indexOf("=");
    const option = canonical(equals < 0 ? head : head.slice(0, equals));
    if (equals < 0 && why !== undefined) this.refuse(item, `${why}: that may be any argument`);
    else if (/\s/.test(option))
      this.refuse(item, `${shortened(option)} is one word to acrn-dm: it has quotes too many`);
    else if (equals < 0) this.detached(item, option);
    else this.add(option, [item], head, head.slice(0, equals + 1), why);
  }

  private short(item: Item, head: string, why: string | undefined): void {
    const option = head.slice(0, 2);
    if (arityOf(option) === "argument" && head.length > 2) this.add(option, [item], head, option, why);
    else if (why !== undefined) this.refuse(item, `${why}: that may be any argument`);
    else if (head.length === 2) this.detached(item, option);
    else this.refuse(item, `${shortened(head)} is more than one option`);
  }

  /** The option is a word of its own. */
  private detached(item: Item, option: string): void {
    const next = this.items[this.at + 1];
    if (!this.takesNext(option, next)) this.add(option, [item], undefined, "");
    else if (!next) this.refuse(item, `${option} lacks its argument`);
    else if (next.kind === "field" && next.field.many) this.refuse(next, `${next.field.why}: that may be any argument`);
    else {
      this.at++;
      if (next.kind === "field") this.add(option, [item, next], headOf(next.field), "", next.field.why);
      else this.add(option, [item, next], "", "", next.kind === "call" ? `computed by ${next.call.name}` : next.why);
    }
  }

  /** Of an option that is not known, what stands behind it tells whether that is its argument: there is one operand, the last word. */
  private takesNext(option: string, next: Item | undefined): boolean {
    const arity = arityOf(option);
    if (arity !== "unknown") return arity === "argument";
    return next?.kind === "field" && !headOf(next.field).startsWith("-") && this.at + 2 < this.items.length;
  }

  private call(item: Item, call: TemplateCall): void {
    const { template, words, name } = call;
    const open = words.find(({ field }) => field.why !== undefined)?.field;
    const argument = open ? undefined : template.read(words.map(({ field }) => textOf(field) as string));
    // A slot tells which device it is, even where the rest is computed.
    const head = argument ?? `${words[0] ? (textOf(words[0].field) ?? "") : ""},`;
    const why = argument === undefined ? (open?.why ?? `computed by ${name}`) : unfit(argument, name);
    this.add(template.option, [item], head, "", why);
  }

  private add(option: string, items: readonly Item[], text: string | undefined, prefix: string, why?: string): void {
    const { line } = (items[0] as Item).word;
    const value = text?.slice(prefix.length);
    if (option !== "-s") this.push({ name: option, line, items, prefix, ...valued(value, why) });
    else {
      const slot = splitSlot(value ?? "");
      const whole = { line, items, prefix: prefix + slot?.prefix };
      if (slot) this.push({ name: `-s ${slot.slot}`, ...whole, ...valued(slot.value, why) });
      else this.refuse(items[0] as Item, `the slot of this -s is ${why ?? "no number"}`);
    }
  }

  private push(argument: Argument): void {
    this.parsed.arguments.push(argument);
  }

  /** Only names count: which of the values it has, only running the script tells. */
  private maybe(item: Item & { kind: "maybe" }): void {
    for (const text of item.holds) {
      const words = text.match(/[^ \t\n]+/g) ?? [];
      const items = words.map((word): Item => {
        const at = word.indexOf(UNKNOWN);
        const head = at < 0 ? word : word.slice(0, at);
        const piece = { text: head, start: 0, end: 0, quote: "" as const, home: { start: 0, end: 0 } };
        return { ...item, kind: "field", field: { pieces: [piece], ...(at < 0 ? {} : { why: item.why }) } };
      });
      const { arguments: found, last, refusal } = parseArguments(items);
      if (refusal || last) this.refuse(item, item.why);
      for (const { name } of found) this.parsed.maybe.set(name, { line: item.word.line, why: item.why });
    }
  }

  private refuse({ word }: Item, why: string): void {
    this.parsed.refusal ??= { line: word.line, why };
  }
}

function valued(text: string | undefined, why: string | undefined): { value: Argument["value"]; why?: string } {
  return why === undefined ? { value: text ?? true } : { value: undefined, why };
}

/** What a call prints is split into words where it is used without quotes. */
function unfit(argument: string, name: string): string | undefined {
  return /[\s*?[]/.test(argument) ? `what ${name} prints is split into words` : undefined;
}
