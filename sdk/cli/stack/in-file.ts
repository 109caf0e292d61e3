import { AcrnError } from "../../../provider/core/errors";
import { pathText } from "../declared/faults";
import type { Path } from "../declared/source";
import type { Declared, DeclaredResource } from "../declared/types";

/** An error that names an argument is told where the file says that argument. */
export function inFile<T>({ source }: Declared, { index }: DeclaredResource, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AcrnError) || error.property === undefined || error.where) throw error;
    const path: Path = ["resources", index, "args", ...stepsOf(error.property)];
    throw new AcrnError(error.code, error.summary, {
      where: source.place(path),
      property: pathText(path),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

/** `vms.POST_RT_VM1`, `vms["#2"]` (core/acrn/partition/words.ts) as steps. */
export function stepsOf(property: string): string[] {
  const steps = property.match(/\["(?:[^"\\]|\\.)*"\]|[^.[\]]+/g) ?? [];
  return steps.map((step) => (step.startsWith("[") ? (JSON.parse(step.slice(1, -1)) as string) : step));
}
