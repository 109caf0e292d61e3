import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Whether a program is on PATH. */
export function which(program: string): boolean {
  return (process.env.PATH ?? "").split(":").some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
