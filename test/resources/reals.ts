import { readdirSync, readFileSync } from "node:fs";
import { identity, MemoryHost } from "../support/memory-host";

/** Boards and scenarios of ACRN's own; nobody has to have them. */
export const DATA = "../shared/acrn-data";

export interface Real {
  folder: string;
  file: string;
  dialect: "2.x" | "3.x";
  board: string;
  scenario: string;
}

/** Every scenario (of 2.x without its launch files) of a version, with its board. */
export function* reals(version: string): Generator<Real> {
  const dialect = version.startsWith("v2") ? "2.x" : "3.x";
  for (const folder of readdirSync(`${DATA}/${version}`).sort())
    for (const file of readdirSync(`${DATA}/${version}/${folder}`).sort()) {
      // two VMs of one name: no scenario (the reader says so, test/core/acrn/scenario)
      if (/_1user_vm_hardrt/.test(file) && dialect === "3.x") continue;
      if (file === `${folder}.xml` || (dialect === "2.x" && file.includes("_launch_"))) continue;
      const read = (name: string) => readFileSync(`${DATA}/${version}/${folder}/${name}`, "utf8");
      yield { folder, file, dialect, board: read(`${folder}.xml`), scenario: read(file) };
    }
}

export function hostOf({ folder, dialect, board, scenario }: Real): MemoryHost {
  return new MemoryHost({
    ...identity(folder),
    board: { name: folder, text: board },
    scenario: { name: "real", text: scenario },
    acrnVersion: dialect === "2.x" ? "2.5" : "3.4",
  });
}
