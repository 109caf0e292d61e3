import type { Plan, Refusal } from "../core/plan/types";
import type { Draft } from "./draft";

/** How a file is written is decided at the read, and shown before it is done. */
export function withStrategies(draft: Draft, plan: Plan): Plan {
  const notes = plan.files.flatMap(({ path }) => {
    const strategy = draft.snapshot.files.get(path)?.strategy;
    return strategy?.how === "in-place" ? [`${path} is written in place, with a backup: ${strategy.why}`] : [];
  });
  return { ...plan, notes: [...plan.notes, ...notes] };
}

/** What the plan would have to write and cannot. */
export function unwritable(draft: Draft, plan: Plan): Refusal[] {
  const changed = plan.files.filter((f) => f.before !== f.after);
  return changed.flatMap(({ path }) => {
    const strategy = draft.snapshot.files.get(path)?.strategy;
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
