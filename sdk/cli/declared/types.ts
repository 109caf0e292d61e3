import type { KindOf } from "../../../provider/converge/plan-resource";
import type { Source } from "./source";

/** One resource of a file. `args` are those of its face, less `host`; references in them are still references. */
export interface DeclaredResource {
  type: string;
  name: string;
  args: unknown;
  /** Its place in `resources`. */
  index: number;
}

/** What a file declares for one machine. `name` is its stack in the machine's ledger. */
export interface Declared {
  name: string;
  resources: readonly DeclaredResource[];
  source: Source;
  /** What the types of its resources are. */
  kinds: KindOf;
}

/** The URN of a resource of a file: of our own scheme, so that it never is one of an engine's. */
export function urnOf(stack: string, type: string, name: string): string {
  return `${URN_START}${stack}::${type}::${name}`;
}

const URN_START = "pulumi-acrn::";

/** Whether a claim was made by a file of this name. A Pulumi stack's never is, whatever the file calls itself. */
export function madeByFile(stack: string, urn: string): boolean {
  return urn.startsWith(`${URN_START}${stack}::`);
}
