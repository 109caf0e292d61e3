import { existsSync, readFileSync } from "node:fs";

/** What a lab image does when it boots, beside booting. */
export interface LabFlags {
  /** It stands still before anybody can reach the machine. */
  hangs?: boolean;
  /** It resets by itself. */
  dies?: boolean;
  /** It takes so many milliseconds more. */
  slow?: number;
}

/** An image of the lab: what it was built from, in place of a hypervisor. `lab-build` makes them. */
export interface LabImage {
  /** MAJOR.MINOR. */
  version: string;
  scenario: string;
  board: string;
  flags: LabFlags;
  /** The text of configs/allocation.xml: what it was compiled with. */
  allocation?: string;
}

const HEAD = "ACRN-LAB 1\n";

export const labImage = (image: LabImage): string => `${HEAD}${JSON.stringify(image)}\n`;

/** `damaged`: it begins as one and lacks its end. Undefined: something else. */
export function readLabImage(path: string): LabImage | "damaged" | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  if (!text.startsWith(HEAD)) return undefined;
  try {
    return JSON.parse(text.slice(HEAD.length)) as LabImage;
  } catch {
    return "damaged";
  }
}

/** Whether GRUB finds a multiboot2 header in it: images of the lab, the packaged ones of the builder, and what is named as those are. */
export function isHypervisor(path: string): boolean {
  if (/\/boot\/acrn[^/]*\.bin$/.test(path)) return true;
  return /^(ACRN-LAB 1\n|lab image of ACRN )/.test(readFileSync(path, "latin1").slice(0, 64));
}
