import type { Line } from "ssh-config" with { "resolution-mode": "import" };
import { AcrnError } from "../../../core/errors";

// The package is CommonJS at run time (`exports.require`), but its types stand only under `import`.
const sshConfig = require("ssh-config") as { parse(text: string): Line[] };

/** One directive of an ssh_config, its keyword in lower case. */
export interface ConfigLine {
  line: number;
  keyword: string;
  args: readonly string[];
}

/**
 * Splits an ssh_config into directives. The package parses, one physical line at a time: the format has no continuation
 * lines, a keyword without value can then not swallow the next line, and trouble gets its line number.
 */
export function configLines(text: string, file: string): ConfigLine[] {
  const result: ConfigLine[] = [];
  for (const [index, physical] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const trimmed = physical.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    result.push({ line: index + 1, ...directive(trimmed, file, index + 1) });
  }
  return result;
}

function directive(text: string, file: string, line: number): Omit<ConfigLine, "line"> {
  const parsed = parse(text);
  if (parsed && "param" in parsed && parsed.param !== "") {
    const args = Array.isArray(parsed.value) ? parsed.value.map(({ val }) => val) : [parsed.value];
    const given = args.filter((arg) => arg !== "");
    if (given.length > 0) return { keyword: parsed.param.toLowerCase(), args: given };
  }
  throw new AcrnError("ssh.config.syntax", `cannot read the line ${JSON.stringify(text.slice(0, 80))}`, {
    where: { file, line, column: 1 },
    hint: "A line is a keyword and its value, with every quote closed (ssh_config(5)).",
  });
}

function parse(text: string): Line | undefined {
  try {
    return sshConfig.parse(text)[0];
  } catch {
    return undefined; // the package throws a TypeError for a keyword without value
  }
}
