import type { FieldEdit, LeftField } from "../core/plan/types";
import type { RunningValue } from "../core/running-value";
import type { Tried, Untaken } from "../host/running";

/** One document of the running kernel, and what a plan makes of it. */
export interface RunningJob {
  /** In the order in which they are to be written. */
  values: readonly RunningValue[];
  /** What became of each edit. */
  ends(tried: Tried): readonly End[];
}

export interface End {
  /** As it was really done. */
  edit?: FieldEdit;
  /** What was to go back, and is another value now than it was. */
  left?: LeftField;
  /** What was declared, and was not taken. */
  failed?: Untaken;
}

/** The kernel's words of one file, in brackets behind a sentence. */
export function wordsOf({ words }: Pick<Tried, "words">, path: string): string {
  const said = words.find((text) => text.startsWith(`${path} `));
  return said === undefined ? "" : ` (${said.slice(path.length + 1)})`;
}
