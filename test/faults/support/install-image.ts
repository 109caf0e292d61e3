import { createHash } from "node:crypto";
import type { Cell } from "../../lab/support/cell";

const PACKAGE = "usr/lib/x86_64-linux-gnu/acrn/cell-1-board/shared";
const IMAGES = [`${PACKAGE}/acrn.cell-1-board.shared.bin`, "boot/acrn-3.3.bin"] as const;

/** A package of an image that was built from the scenario source is installed beside what runs. */
export function installImage(cell: Cell): void {
  cell.write(`${PACKAGE}/scenario.xml`, cell.read("var/lib/pulumi-acrn/scenario.xml"));
  for (const image of IMAGES) cell.write(image, "an image of the new scenario\n");
  const sums = "var/lib/dpkg/info/acrn-hypervisor.md5sums";
  const brought = [`${PACKAGE}/scenario.xml`, IMAGES[0]];
  const lines = cell.read(sums).split("\n");
  const changed = lines.map((line) => {
    const path = line.slice(34);
    return brought.includes(path) ? `${createHash("md5").update(cell.read(path)).digest("hex")}  ${path}` : line;
  });
  cell.write(sums, changed.join("\n"));
}
