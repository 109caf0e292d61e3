import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheHome, which } from "../../../tools/paths";
import { run } from "../run";

/** What the bench is held against. Pinned, so that a figure of last year means what one of today means. */
export const PINS = { "ansible-core": "2.19.14", pyinfra: "3.10.0" } as const;

/** A virtual environment with both rivals, in the user's cache. A new one when a pin changes. */
export interface Python {
  program(name: "ansible-playbook" | "pyinfra" | "python3"): string;
}

/** Finds it or makes it; a sentence when it cannot be made. */
export async function findPython(): Promise<Python | string> {
  const pins = Object.entries(PINS).map(([name, version]) => `${name}==${version}`);
  const place = join(
    cacheHome(),
    `bench-python-${createHash("sha256").update(pins.join()).digest("hex").slice(0, 12)}`,
  );
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
