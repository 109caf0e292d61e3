import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Chosen } from "./types";

/** What a kernel's file of the lab says: its name, and how it behaves. @param file path on the machine */
export function kernelIn(dir: string, file: string): Pick<Chosen, "kernel" | "behaves"> {
  const text = readFileSync(join(dir, file), "latin1").slice(0, 200);
  const [, version, behaves] = /^lab kernel (\S+)(?: (hangs|panics))?$/m.exec(text) ?? [];
  const kernel = version ?? basename(file).replace(/^(vmlinu[xz]|bzImage)-?/, "");
  return { kernel, behaves: (behaves as "hangs" | "panics" | undefined) ?? "boots" };
}
