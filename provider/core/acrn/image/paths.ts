import { AcrnError } from "../../errors";

/** Staged images, and beside them which one shall run. */
export const IMAGES = "/var/lib/pulumi-acrn/images";
/** `{"id": ..., "keep": ...}`: the image that shall run. */
export const WANTED_PATH = `${IMAGES}/wanted`;
/** Its first line is the one switch: the id of the confirmed image that boots by default. */
export const PROMOTED_PATH = `${IMAGES}/promoted`;
/** Outside the `acrn*.bin` of /boot that the packages' 25_linux_acrn looks for (reference 7b). */
export const BOOT_IMAGES = "/boot/pulumi-acrn";
/** Right behind the packages' 25_linux_acrn. */
export const GRUB_SCRIPT_PATH = "/etc/grub.d/26_pulumi_acrn";
/** Sorts behind the packages' acrn.cfg, so that it has the last word [debian/grub/acrn.cfg]. */
export const GRUB_DEFAULT_PATH = "/etc/default/grub.d/zz-pulumi-acrn.cfg";

/** 16 hex digits. */
export function isImageId(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}

/** @throws AcrnError `image.id` */
export function checkImageId(text: string): string {
  if (isImageId(text)) return text;
  throw new AcrnError("image.id", `${JSON.stringify(text.slice(0, 80))} is not the id of an image`, {
    hint: "Ids of images are 16 hex digits; `pulumi-acrn images` lists those of a machine.",
  });
}

/** GRUB's id of an image's menu entry; `kept`: the one with the kernel that was confirmed with it. */
export function menuEntryId(id: string, { kept = false } = {}): string {
  return `pulumi-acrn-${checkImageId(id)}${kept ? "-kept" : ""}`;
}
