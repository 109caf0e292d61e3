import type { Surface } from "../claims/types";
import { getParam } from "./cmdline";
import type { BootPlace, LineSource } from "./loader/types";
import { blsSurface } from "./places/bls";
import { extlinuxSurface } from "./places/extlinux";
import { grubDefaultSurface } from "./places/grub-default";

/** How the file of a place is read and written; undefined for rpm-ostree, which is asked by command. */
export function surfaceOf({ place, variable }: Pick<BootPlace, "place" | "variable">): Surface | undefined {
  if (place === "grub-default") return grubDefaultSurface(variable ?? "GRUB_CMDLINE_LINUX_DEFAULT");
  if (place === "bls-grub") return blsSurface("grub");
  if (place === "bls-systemd-boot") return blsSurface("systemd-boot");
  return place === "extlinux" ? extlinuxSurface() : undefined;
}

/** Where else a parameter is set that reaches the same line: written in the place alone, it would be there twice. */
export function alsoSetIn({ others }: Pick<BootPlace, "others">, name: string): LineSource[] {
  return others.filter(({ line }) => getParam(line, name) !== undefined);
}
