import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLParseError,
  type YAMLWarning,
} from "yaml";
import { AcrnError, type Place } from "../../../provider/core/errors";
import { placeAt } from "../../../provider/core/text/place";
import { checkLimits } from "./limits";

export type Path = readonly PropertyKey[];

/** The text of a declaration with where each of its parts stands. JSON is YAML (YAML 1.2.2, 1.2), so one reader serves both. */
export class Source {
  readonly data: unknown;
  readonly #document: Document;

  constructor(
    private readonly text: string,
    readonly file: string,
  ) {
    checkLimits(text, file);
    this.#document = this.#parse();
    const [trouble] = [...this.#document.errors, ...this.#document.warnings];
    if (trouble) throw syntax(said(trouble), placeAt(text, trouble.pos[0], file));
    this.data = this.#toData();
  }

  /** The value at a path; where it is missing, the part that should hold it. `key`: the name of that member instead. */
  place(path: Path, key?: string): Place {
    let node: unknown = this.#document.contents;
    for (const step of path) {
      const next = memberOf(node, step)?.value ?? (isNode(node) && "get" in node ? get(node, step) : undefined);
      if (!isNode(next)) break;
      node = next;
    }
    const named = key === undefined ? undefined : memberOf(node, key)?.key;
    const at = isNode(named) ? named : node;
    return placeAt(this.text, (isNode(at) ? at.range?.[0] : 0) ?? 0, this.file);
  }

  #parse(): Document {
    try {
      return parseDocument(this.text, {
        lineCounter: new LineCounter(),
        prettyErrors: false,
        uniqueKeys: true,
        logLevel: "error", // what it warns of is in `warnings`; the process is not to be told
      });
    } catch (cause) {
      // The reader descends by recursion: a file of brackets alone ends its stack.
      throw syntax("it is nested too deeply", placeAt(this.text, 0, this.file), cause);
    }
  }

  /** Aliases may be nested into exponential size; `yaml` counts them and throws. */
  #toData(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 });
    } catch (cause) {
      throw syntax((cause as Error).message, placeAt(this.text, 0, this.file), cause);
    }
  }
}

function memberOf(node: unknown, step: PropertyKey): Pair | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step));
}

function get(node: Node, step: PropertyKey): unknown {
  return (node as Node & { get(key: unknown, keep: boolean): unknown }).get(step, true);
}

/** The reader's own words are for programmers where it names its functions. */
function said({ code, message }: YAMLParseError | YAMLWarning): string {
  return code === "MULTIPLE_DOCS" ? "a second document starts here" : message;
}

function syntax(message: string, where: Place, cause?: unknown): AcrnError {
  return new AcrnError("declared.syntax", message.split("\n")[0] ?? message, {
    where,
    hint: "The file is JSON or YAML, one document: see pulumi-acrn help plan.",
    ...(cause === undefined ? {} : { cause }),
  });
}
