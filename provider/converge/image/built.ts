import { buildScript } from "../../core/acrn/image/recipes/script";
import { inputNames } from "../../core/acrn/image/recipes/types";
import { isWarning } from "../../core/acrn/image/recipes/warnings";
import { AcrnError } from "../../core/errors";
import { checkBuild } from "../../host/image/build-check";
import { build } from "../../host/image/build-session";
import type { Target } from "../../host/types";
import { type Found, type HypervisorImageArgs, recipeOf } from "../../resources/hypervisor-image/schema";
import type { Say } from "../around";
import type { Machine } from "../machine";
import type { BuiltFrom } from "./source";
import { buildTarget, whereOf } from "./where";

/** Names that the hypervisor shows in its own `version`; nothing else hangs on them. */
const NAMES = { board: "board-of-host", scenario: "scenario-source" };

/** A compiler can warn without end. */
const MANY = 1000;
const SHOWN = 20;

export type BuildArgs = HypervisorImageArgs & { found: Found };

/** What the recipe makes of it. The source is the one that was seen in the preview, before and after. */
export async function built(
  machine: Machine,
  args: BuildArgs,
  from: BuiltFrom,
  say: Say,
): Promise<Map<string, Uint8Array>> {
  const names = inputNames(NAMES);
  const inputs = new Map<string, Uint8Array>([
    [names.board, Buffer.from(from.board.text, "utf8")],
    [names.scenario, Buffer.from(from.scenario.text, "utf8")],
  ]);
  const warnings = new Set<string>();
  const line = (text: string): void => {
    if (isWarning(text) && warnings.size < MANY) warnings.add(text);
    say(text, "progress");
  };
  const target = buildTarget(machine, args);
  const where = whereOf(machine, args);
  await sameSource(target, args, `${where}: the source changed since the preview`);
  say(`building image ${args.found.id} on ${where}`, "progress");
  const files = await build(target, { script: buildScript(recipeOf(args), NAMES), inputs }, { line });
  await sameSource(target, args, `${where}: the source changed while it was built`);
  for (const warning of [...warnings].slice(0, SHOWN)) say(`the build warns: ${warning}`, "warning");
  if (warnings.size > SHOWN) say(`the build warns of ${warnings.size - SHOWN} things more`, "warning");
  return files;
}

/** The source's version is part of what the image is called: under that name nothing else is kept. */
async function sameSource(target: Target, args: BuildArgs, what: string): Promise<void> {
  const { source, refused } = await checkBuild(target, recipeOf(args));
  if (source === args.found.source) return;
  const now = source ?? refused[0] ?? "its version cannot be told";
  throw new AcrnError("image.source-changed", `${what}: it was ${args.found.source}, and is ${now}`, {
    hint: "Nothing of it was kept. Run the preview again and look at the new plan.",
  });
}
