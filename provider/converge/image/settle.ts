import { isEmpty } from "../../core/plan/types";
import { ImageSession } from "../../host/image/session";
import { apply } from "../apply";
import type { Say } from "../around";
import type { DeclaredHere } from "../final";
import type { Machine } from "../machine";
import { planResource } from "../plan-resource";

/**
 * The image is confirmed, so what waited for it does not wait any more: each RtVm of the run is planned again on the new evidence, and its canonical script gets
 * what was kept for this image. What else may differ by now is left to the next preview.
 */
export async function settle(machine: Machine, id: string, declared: readonly DeclaredHere[], say: Say): Promise<void> {
  machine.forget();
  for (const { kind, who, args } of declared.filter((each) => each.kind.type === "RtVm")) {
    const plan = (draft: Parameters<typeof planResource>[0]) => planResource(draft, kind, who, args as never);
    const planned = plan(await machine.draft(kind.files?.(args as never) ?? []));
    if (planned.refusals.length > 0 || isEmpty(planned.plan) || !onlyScripts(planned.plan.files)) continue;
    await apply(machine, { plan, agreed: planned.lines });
    say("launch scripts that waited for the image are in their places", "progress");
  }
  const session = await ImageSession.open(machine.target());
  try {
    await session.keepScripts(id);
  } finally {
    await session.close();
    machine.forget();
  }
}

function onlyScripts(files: readonly { path: string }[]): boolean {
  return files.every(({ path }) => path.endsWith(".sh") || path.endsWith(".args"));
}
