import type { z } from "zod";
import { AcrnError, type Place } from "../../../provider/core/errors";
import type { Path, Source } from "./source";

/** Something wrong with one part of a file. */
export interface Fault {
  path: Path;
  what: string;
  /** The member of the part at `path` that is meant. */
  key?: string;
}

/** All of them as one error: the first with its line and caret, the others a line each. */
export function faults(source: Source, found: readonly Fault[]): AcrnError {
  const [first, ...more] = found as [Fault, ...Fault[]];
  const others = more.map((fault) => `also ${position(placeOf(source, fault))}: ${sentence(fault)}`);
  const property = pathText(first.path);
  return new AcrnError("declared.invalid", sentence(first), {
    where: placeOf(source, first),
    ...(property ? { property } : {}),
    hint: [...others, "The form and an example: pulumi-acrn help plan."].join("\n"),
  });
}

/** zod's issues, below a place of the file. */
export function argumentIssues(error: z.ZodError, below: Path): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const path = [...below, ...issue.path];
    if (issue.code !== "unrecognized_keys") return [{ path, what: plainly(issue) }];
    return issue.keys.map((key) => ({
      path,
      key,
      what: `there is no ${JSON.stringify(key)} here${hostHint(key, issue.path)}`,
    }));
  });
}

/** What a YAML author calls zod's types. */
const WORDS: Record<string, string> = {
  object: "a mapping (name: value)",
  record: "a mapping (name: value)",
  array: "a list",
};

/** zod speaks of types and of `undefined`; a message of our schemas' own stays as it is. */
function plainly(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_type" || !issue.message.startsWith("Invalid input")) return issue.message;
  if (issue.message.endsWith("received undefined")) return "is missing";
  return `must be ${WORDS[issue.expected] ?? `a ${issue.expected}`}`;
}

/** Who copies from a program copies `host` along. */
function hostHint(key: string, path: Path): string {
  return key === "host" && path.length === 0 ? ": TARGET is the host, so leave it out" : "";
}

function placeOf(source: Source, { path, key }: Fault): Place {
  return source.place(path, key);
}

function sentence({ path, what }: Fault): string {
  const where = pathText(path);
  return where ? `${where}: ${what}` : what;
}

function position({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** `resources[0].args.vms.POST_RT_VM1`; names that are no identifiers go into brackets. */
export function pathText(path: Path): string {
  return path
    .map((step, at) => {
      if (typeof step === "number") return `[${step}]`;
      const text = String(step);
      return /^[A-Za-z_][\w-]*$/.test(text) ? `${at > 0 ? "." : ""}${text}` : `[${JSON.stringify(text)}]`;
    })
    .join("");
}
