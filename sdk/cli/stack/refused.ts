import { AcrnError } from "../../../provider/core/errors";
import type { Refusal } from "../../../provider/core/plan/types";
import { pathText } from "../declared/faults";
import type { Path } from "../declared/source";
import type { Declared } from "../declared/types";
import { stepsOf } from "./in-file";
import type { StackPlan } from "./plan-stack";

/** What the rules refuse, each where the file says it. */
export function refuseStack({ resources, whole }: StackPlan, declared?: Declared): void {
  const told = resources.flatMap(({ name, planned }) =>
    planned.refusals.map((refusal) => ({ refusal, path: pathOf(name, refusal) })),
  );
  const rest = whole.refusals.filter((refusal) => !told.some((t) => t.refusal === refusal));
  const [first, ...more] = [...told, ...rest.map((refusal) => ({ refusal, path: [] }))];
  if (!first) return;
  const property = pathText(first.path);
  throw new AcrnError(first.refusal.code, sentence(first.refusal), {
    ...(declared && first.path.length > 0 ? { where: declared.source.place(first.path) } : {}),
    ...(property ? { property } : {}),
    hint: [first.refusal.hint, ...more.map(({ refusal }) => `also ${sentence(refusal)}\n     ${refusal.hint}`)].join(
      "\n",
    ),
  });

  function pathOf(name: string, refusal: Refusal): Path {
    const index = declared?.resources.find((resource) => resource.name === name)?.index;
    return index === undefined ? [] : ["resources", index, "args", ...stepsOf(refusal.property)];
  }
}

function sentence({ tip, message }: Refusal): string {
  return `${tip}: ${message}`;
}
