import { AcrnError } from "../../../../provider/core/errors";
import type { Guest } from "./guest";
import { treeOf } from "./tree";

/** An apply that is broken off. */
export interface Broken {
  apply: () => Promise<void>;
  /** Words of its progress: there it breaks. */
  at: RegExp;
  breaks: () => void | Promise<void>;
  /** The way there again. */
  mends: () => Promise<unknown>;
}

/** How it ended by its own word, and the files as they were left then. */
export interface Left {
  said: string;
  tree: ReadonlyMap<string, string>;
}

/** Breaks an apply off. Fails where it ends before. */
export async function brokenOff(guest: Guest, { apply, at, breaks, mends }: Broken): Promise<Left> {
  const seen: string[] = [];
  let broken: void | Promise<void> | "not yet" = "not yet";
  guest.onProgress = (what) => {
    seen.push(what);
    if (at.test(what) && broken === "not yet") broken = breaks();
  };
  const said = await apply().then(
    () => "new",
    (error: unknown) => (error instanceof AcrnError ? error.code : String(error)),
  );
  guest.onProgress = () => {};
  if (broken === "not yet") throw new Error(`it was never there (${at}): ${seen.join(", ")}; it ended: ${said}`);
  await broken;
  await mends();
  return { said, tree: await treeOf(guest.machine.shell) };
}

/** Of the files that the apply is about: each is as before or as after. Returns those that are neither, and whether all are as after. */
export function judged(before: Left["tree"], { tree }: Left, after: Left["tree"]): { torn: string[]; isNew: boolean } {
  const about = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path) && !OURS.test(path),
  );
  const torn = about.filter((path) => ![before.get(path), after.get(path)].includes(tree.get(path)));
  return { torn, isNew: about.every((path) => tree.get(path) === after.get(path)) };
}

/** Where an apply keeps its way back, while it is under way. */
const OURS = /^var\/lib\/pulumi-acrn(?:\/(?!ledger\.json$)|$)/;
