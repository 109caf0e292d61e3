import { AcrnError } from "../../core/errors";
import { harmless } from "../launch";

/** What the machine could not do. Each word of scripts/image.ts leaves what boots by default as it was. */
export function imageFailed(label: string, doing: string, said: string): AcrnError {
  return new AcrnError("image.failed", `${label}: ${doing}: ${harmless(said) || "no reason was given"}`, {
    hint: "What boots by default is as before. Mend what it says and run `pulumi up` again: it goes on from what is there.",
  });
}

export function noRoom(label: string, id: string, need: number, free: number): AcrnError {
  const mib = (bytes: number) => `${Math.ceil(bytes / (1024 * 1024))} MiB`;
  return new AcrnError(
    "image.space",
    `${label}: /boot has ${mib(free)} left, and image ${id} with its kernel needs ${mib(need)}`,
    {
      hint: "Nothing was installed. Remove kernels that are not used any more (`apt autoremove`), keep fewer images (`keep`), or make /boot larger.",
    },
  );
}

export function noOneShot(label: string, why: string): AcrnError {
  return new AcrnError("image.one-shot", `${label}: a new image cannot be tried once: ${harmless(why)}`, {
    hint: "Without it an image that does not come up would be booted again and again, so it is not installed. Put /boot/grub on a plain ext4, xfs or FAT partition, without LVM and RAID.",
  });
}
