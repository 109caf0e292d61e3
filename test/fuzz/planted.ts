import { AcrnError } from "../../provider/core/errors";
import { mutated } from "./mutate";
import type { Target } from "./target";

/** Readers with one mistake each, for harness.test.ts: what the fuzzer is there to find. */

const seeds = ["key = value\nother = 1\n", "a = b\n"].map((text) => Buffer.from(text));

function planted(name: string, run: (text: string) => unknown): Target {
  return {
    name,
    runs: 3000,
    make: (random) => mutated(random, { seeds, words: [] }),
    run: (input) => run(input.toString("latin1")),
    texts: (input) => new Map([["f", input.toString("latin1")]]),
  };
}

const refuse = (message: string, line: number, column: number) =>
  new AcrnError("planted.refused", message, { where: { file: "f", line, column }, hint: "nothing" });

let calls = 0;
const shared: Record<string, Record<string, unknown>> = {};

export const targets: readonly Target[] = [
  planted("none", (text) => {
    if (text.includes("\0")) throw refuse("a NUL", 1, 1);
    return text.length;
  }),
  planted("crash", (text) => (text.includes("__proto__") ? (undefined as never as string).length : 0)),
  planted("plain error", (text) => {
    if (text.includes("\t")) throw new Error("a tab");
  }),
  planted("hang", (text) => {
    while (text.includes("\r"));
  }),
  planted("never settles", (text) => (text.includes("\r") ? new Promise(() => {}) : 0)),
  planted("full heap", (text) => {
    const kept: unknown[] = [];
    while (text.includes("\r")) kept.push([...text]);
  }),
  planted("pollution", (text) => {
    for (const line of text.split("\n")) {
      const [key = "", value] = line.split(" = ");
      shared[key] ??= {};
      shared[key].polluted = value;
    }
  }),
  planted("not the same twice", (text) => (text.includes('"') ? ++calls : 0)),
  planted("a place outside", (text) => {
    if (text.includes(";")) throw refuse("a semicolon", text.split("\n").length + 2, 1);
  }),
  planted("no place", (text) => {
    if (text.includes(";")) throw new AcrnError("planted.refused", "a semicolon", { hint: "nothing" });
  }),
  planted("no hint", (text) => {
    if (text.includes(";"))
      throw new AcrnError("planted.refused", "a semicolon", { where: { file: "f", line: 1, column: 1 } });
  }),
  planted("an escape", (text) => {
    const error = refuse("an escape", 1, 1);
    error.message = text; // AcrnError's own constructor would have made it visible
    if (text.includes("\x1b")) throw error;
  }),
  {
    ...planted("the square", () => 0),
    run: (input) => {
      for (let at = 0; at < input.length; at++) input.lastIndexOf(1);
    },
    grow: { bytes: (n) => Buffer.alloc(n) },
  },
];
