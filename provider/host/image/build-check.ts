import { type BuildCheck, checkScript, readCheck } from "../../core/acrn/image/recipes/check";
import type { Recipe } from "../../core/acrn/image/recipes/types";
import { Session } from "../session";
import type { Target } from "../types";
import { lookShell } from "./build/shell";

/** Looks at the machine that would build: the source's version, and what is missing. Writes nothing there: a preview may ask. */
export async function checkBuild(target: Target, recipe: Recipe): Promise<BuildCheck> {
  const session = await Session.start(target, lookShell(checkScript(recipe)));
  try {
    const lines: string[] = [];
    for (let line = await session.line(); line !== "end look"; line = await session.line())
      lines.push(line.replace(/^\| /, ""));
    return readCheck(recipe, lines);
  } finally {
    await session.close();
  }
}
