import { isImageId } from "./paths";

/**
 * The image that was booted, by /proc/cmdline: the hypervisor merges its own multiboot line into the Service VM's
 * [hypervisor/boot/guest/vboot_info.c init_vm_bootargs_info]. Of several the last one counts, as for the autostart script and the kernel.
 * Undefined: no image of ours, or none that can be told.
 */
export function bootedImage(cmdline: string): string | undefined {
  const marks = cmdline.split(/\s+/).filter((word) => word.startsWith(MARK));
  const id = marks.at(-1)?.slice(MARK.length);
  return id !== undefined && isImageId(id) ? id : undefined;
}

const MARK = "pulumi_acrn_image=";
