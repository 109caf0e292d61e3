import { execFileSync } from "node:child_process";
import { apply } from "../../../provider/converge/apply";
import { Machine } from "../../../provider/converge/machine";
import { AcrnError } from "../../../provider/core/errors";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { transactScript } from "../../../provider/host/scripts/main";
import { transact } from "../../../provider/host/transaction";
import { listing } from "../../host/helpers";
import { OWNER, REQUEST, SOURCE_PATH, type World } from "./world";

/** When somebody else changes the file. */
export type Moment = "plan, lock" | "read, check" | "check, swap" | "swap, verify";
export const MOMENTS: readonly Moment[] = ["plan, lock", "read, check", "check, swap", "swap, verify"];

export interface Outcome {
  /** Of the files: as before with the other's change, as declared with the other's change, or a line for each difference. */
  files: "old" | "new" | string;
  /** The code of the error; empty when it was said to be done. */
  code: string;
}

/** The product's plan and apply, with somebody's shell text run at a moment between; `$F` is the file, `$R` the tree. */
export function withMeanwhile(world: World, shell: FolderShell, text: string, moment: Moment): Promise<Outcome> {
  return world.within(async (root) => {
    const somebody = () => change(root, text);
    const machine = new Machine({ connection: { root } });
    const agreed = world.plan(await machine.draft()).lines;
    if (moment === "plan, lock") somebody();
    const script = transactScript(hookFor(text, moment));
    machine.transact = (decide) => {
      const then: typeof decide = (fresh) => {
        const changes = decide(fresh);
        if (moment === "read, check") somebody();
        return changes;
      };
      return transact(folderTarget(root, shell), REQUEST, then, OWNER, { script, pause: 1 });
    };
    const code = await apply(machine, { plan: world.plan, agreed }).then(() => "", codeOf);
    return { files: await filesOf(world, root, text), code };
  });
}

/** The steps after which the runner has just checked, and has just swapped. */
function hookFor(text: string, moment: Moment): string {
  const steps: Partial<Record<Moment, string>> = { "check, swap": "put_new", "swap, verify": `swapped*${SOURCE_PATH}` };
  const step = steps[moment];
  return step ? `case $1 in ${step}) (F=$R${SOURCE_PATH}; IFS=' '; ${text});; esac` : "";
}

function change(root: string, text: string): void {
  execFileSync("sh", ["-ec", text], { env: { ...process.env, R: root, F: `${root}${SOURCE_PATH}` } });
}

async function filesOf(world: World, root: string, text: string): Promise<Outcome["files"]> {
  const now = listing(root);
  const old = await world.within(async (copy) => {
    change(copy, text);
    return listing(copy);
  });
  const declared = await world.within(async (copy) => {
    await apply(new Machine({ connection: { root: copy } }), { plan: world.plan });
    change(copy, text);
    return listing(copy);
  });
  if (now.join("\n") === old.join("\n")) return "old";
  if (now.join("\n") === declared.join("\n")) return "new";
  const more = (one: string[], other: string[]) =>
    one.filter((line) => !other.includes(line)).map((line) => line.slice(0, 400));
  return [
    ...more(now, old).map((line) => `not in old: ${line}`),
    ...more(old, now).map((line) => `old has: ${line}`),
  ].join("\n");
}

function codeOf(error: unknown): string {
  if (error instanceof AcrnError) return error.code;
  throw error;
}
