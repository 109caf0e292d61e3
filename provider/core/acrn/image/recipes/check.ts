import { sourceText } from "./sources";
import { toolsOf } from "./tools";
import type { Recipe, Tool } from "./types";

/** What a look at the machine that would build says. */
export interface BuildCheck {
  /** For the image's identity; undefined where it cannot be told. */
  source?: string;
  missing: Tool[];
  /** Packages that dpkg-checkbuilddeps misses. */
  unmet: string[];
  /** Why it cannot work, whatever is installed. */
  refused: string[];
}

/** Shell text that only looks: `missing NAME` a tool, `unmet TEXT`, `refused TEXT`, and what sources.ts says. */
export function checkScript(recipe: Recipe): string {
  const looks = toolsOf(recipe).map(({ kind, name }) =>
    kind === "program"
      ? `command -v ${name} >/dev/null 2>&1 || echo 'missing ${name}'`
      : `! command -v python3 >/dev/null 2>&1 || python3 -c 'import ${name}' >/dev/null 2>&1 || echo 'missing ${name}'`,
  );
  return [...looks, sourceText(recipe), ""].join("\n");
}

/** Reads what the check script said. Strange lines are passed over: a login shell may say more. */
export function readCheck(recipe: Recipe, lines: readonly string[]): BuildCheck {
  const of = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const missing = new Set(of("missing"));
  const [source] = of("source");
  return {
    ...(source === undefined || source.length > 400 ? {} : { source }),
    missing: toolsOf(recipe).filter(({ name }) => missing.has(name)),
    unmet: of("unmet").flatMap((line) => line.match(/\S+( \([^)]*\))?( \| \S+( \([^)]*\))?)*/g) ?? []),
    refused: of("refused"),
  };
}
