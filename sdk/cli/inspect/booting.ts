import { defaultImage, unconfirmedImage } from "../../../provider/core/acrn/image/default";
import { bootedImage } from "../../../provider/core/acrn/image/marker";
import { BOOT_IMAGES, isImageId } from "../../../provider/core/acrn/image/paths";
import type { Snapshot } from "../../../provider/core/snapshot";

/** Images of ours as a read alone shows them, by id; `pulumi-acrn images` asks GRUB, too. */
export interface BootingImages {
  /** Those in /boot. */
  installed: string[];
  /** What the next boot takes; null: the packaged image. */
  default: string | null;
  /** Null: the packaged image, or none that can be told. */
  running: string | null;
  /** It runs and was not confirmed, or was taken back: the next boot does not take it. */
  trial: string | null;
}

export function bootingImages(snapshot: Snapshot): BootingImages {
  const installed = [...snapshot.files.values()].flatMap(({ path, kind }) => {
    const [, id = ""] = path.startsWith(`${BOOT_IMAGES}/`) ? path.slice(BOOT_IMAGES.length).split("/") : [];
    return kind === "file" && path.endsWith("/entry") && isImageId(id) ? [id] : [];
  });
  return {
    installed: installed.sort(),
    default: defaultImage(snapshot) ?? null,
    running: bootedImage(snapshot.texts.get("proc/cmdline") ?? "") ?? null,
    trial: unconfirmedImage(snapshot) ?? null,
  };
}

/** One line: `4a0.. (the default, runs), 77c..`. */
export function imagesText(images: BootingImages): string {
  const all = [images.default, images.running, ...images.installed].filter((id) => id !== null);
  const words = (id: string) => [
    ...(id === images.default ? ["the default"] : []),
    ...(id === images.trial ? ["runs, and the next boot does not take it"] : id === images.running ? ["runs"] : []),
    ...(images.installed.includes(id) ? [] : ["not in /boot"]),
  ];
  const told = [...new Set(all)].map((id) => (words(id).length === 0 ? id : `${id} (${words(id).join(", ")})`));
  return told.length === 0 ? "none of ours" : told.join("; ");
}
