import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheHome, which } from "../../tools/paths";
import { run } from "./run-program";

/** A virtual environment in the user's cache. A new one when a pin changes. */
export interface Python {
  /** Path of a program of it: `python3`, `ansible-playbook`. */
  program(name: string): string;
}

/**
 * Finds it or makes it; a sentence when it cannot be made.
 * @param what a word for its folder
 * @param versions pinned, so that a result of last year means what one of today means
 */
export async function findPython(what: string, versions: Readonly<Record<string, string>>): Promise<Python | string> {
  const pins = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
  const hash = createHash("sha256").update(pins.join()).digest("hex").slice(0, 12);
  const place = join(cacheHome(), `${what}-python-${hash}`);
  const program: Python["program"] = (name) => join(place, "bin", name);
  const done = join(place, "made");
  if (existsSync(done)) return { program };
  if (which("python3") === undefined) return "no python3";
  console.log(`installing ${pins.join(" and ")} ...`);
  try {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(dirname(place), { recursive: true });
    await run("python3", ["-m", "venv", place]);
    await run(program("python3"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pins]);
    writeFileSync(`${done}.new`, `${pins.join("\n")}\n`);
    renameSync(`${done}.new`, done);
    return { program };
  } catch (error) {
    return `pip cannot install ${pins.join(" and ")}: ${(error as Error).message.split("\n")[0]}`;
  }
}
