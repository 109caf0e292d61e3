/**
 * A template tag for shell text. The text stands as the shell will see it, but for `\${`, which becomes `${`, so that
 * parameter expansions can be written inside a TypeScript template.
 */
export function sh(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: parts.raw.map((part) => part.replaceAll("\\${", "${")) }, ...values);
}

/** Drops comment lines and indentation: the script crosses the link at every read. No string of ours spans lines with either. */
export function minify(script: string): string {
  return script
    .split("\n")
    .map((line) => line.trimStart())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n");
}
