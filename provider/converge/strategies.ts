import type { Plan, Refusal } from "../core/plan/types";
import type { WriteStrategy } from "../core/snapshot";
import type { Draft } from "./draft";

/** How a file is written is decided at the read, and shown before it is done. */
export function withStrategies(draft: Draft, plan: Plan): Plan {
  const notes = plan.files.flatMap(({ path }) => {
    const strategy = strategyFor(draft, path);
    return strategy?.how === "in-place" ? [`${path} is written in place, with a backup: ${strategy.why}`] : [];
  });
  return { ...plan, notes: [...plan.notes, ...notes] };
}

/** Of a file that is not there, what its folder says: a read that lists files names none of those that are missing (superset.ts). */
function strategyFor({ snapshot }: Draft, path: string): WriteStrategy | undefined {
  const folder = path.slice(0, path.lastIndexOf("/"));
  return snapshot.files.get(path)?.strategy ?? snapshot.files.get(`${folder}/.pulumi-acrn`)?.strategy;
}

/** What the plan would have to write and cannot. */
export function unwritable(draft: Draft, plan: Plan): Refusal[] {
  const changed = plan.files.filter((f) => f.before !== f.after);
  return changed.flatMap(({ path }) => {
    const strategy = strategyFor(draft, path);
    if (strategy?.how !== "refused") return [];
    const message = `${path} cannot be written: ${strategy.why}`;
    return [
      {
        tip: "files",
        code: "write.refused",
        property: "",
        message,
        hint: "Make it writable on the machine, then run again.",
      },
    ];
  });
}
