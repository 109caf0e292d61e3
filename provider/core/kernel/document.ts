import type { Document } from "../claims/types";
import type { BootPlace } from "./loader/types";
import { surfaceOf } from "./place";

type Place = Pick<BootPlace, "place" | "variable">;

const ID = /^line\[([A-Za-z_-]+):(\/[^\]\s]+)\]$/;

/** Every place with a file, by its word in ids. */
const PLACES: ReadonlyMap<string, Place> = new Map([
  ["GRUB_CMDLINE_LINUX", { place: "grub-default", variable: "GRUB_CMDLINE_LINUX" }],
  ["GRUB_CMDLINE_LINUX_DEFAULT", { place: "grub-default", variable: "GRUB_CMDLINE_LINUX_DEFAULT" }],
  ["bls-grub", { place: "bls-grub" }],
  ["bls-systemd-boot", { place: "bls-systemd-boot" }],
  ["extlinux", { place: "extlinux" }],
] as const);

/** First word of the field ids of a kernel line in a file: `line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub]`. */
export function lineId({ place, variable }: Place, file: string): string {
  return `line[${place === "grub-default" ? variable : place}:${file}]`;
}

/** The file of such an id; undefined: it is none. */
export function pathOfLine(id: string): string | undefined {
  const [, place, path] = ID.exec(id) ?? [];
  return place !== undefined && PLACES.has(place) ? path : undefined;
}

/** @param live the file's text; undefined when it is not there */
export function lineDocument(id: string, live: string | undefined): Document | undefined {
  const [, name = "", path = ""] = ID.exec(id) ?? [];
  const place = PLACES.get(name);
  const surface = place && surfaceOf(place);
  return surface && { id, path, surface, live, blank: "", asWished: true };
}
