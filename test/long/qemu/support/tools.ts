import { delimiter } from "node:path";
import { run } from "../../../../tools/process";
import { MACHINE, missingSystemPackages } from "../../../../tools/system-packages";

/** Root's tools are not on PATH of every shell. */
const env = { ...process.env, PATH: [process.env.PATH, "/usr/sbin", "/sbin"].filter(Boolean).join(delimiter) };

/** Why this machine cannot have a virtual one; undefined when it can. */
export function missing(): string | undefined {
  if (process.arch !== "x64") return "the guest is a PC, and another processor emulates one too slowly";
  if (process.getuid?.() !== 0) return "mmdebstrap makes a tree with devices and owners, which needs root";
  const packages = missingSystemPackages(process.env, MACHINE);
  return packages.length > 0 ? `not installed: ${packages.join(", ")}` : undefined;
}

/** Runs a program that has to succeed. `said` gets its last line whenever there is one. */
export async function must(program: string, args: readonly string[], said?: (line: string) => void): Promise<void> {
  const onOutput = (text: string) => said?.(text.trimEnd().split("\n").at(-1) ?? "");
  const { code, output } = await run(program, [...args], { env, onOutput });
  if (code === 0) return;
  throw new Error(`${program} ended with status ${code}: ${complaint(output)}`);
}

/** Why apt or mmdebstrap gave up, the first of its errors telling which archive it was; of other programs the last lines. */
function complaint(output: string): string {
  const lines = output.trim().split("\n");
  const errors = lines.filter((line) => line.startsWith("E: "));
  return (errors.length > 0 ? errors.slice(0, 2) : lines.slice(-4)).join(" | ");
}
