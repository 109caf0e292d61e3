import type { Limits } from "./read";

/** Read after all others, in whichever folder they lie: udev(7) sorts them by name. */
export const UDEV_RULES = "/etc/udev/rules.d/99-pulumi-acrn-gpu.rules";

/**
 * The limits at each start of i915. Not tmpfiles.d: what that writes it writes once, early in the boot, and i915 may come later
 * [tmpfiles.d(5), `w`: nothing where there is no such file].
 *
 * Two rules, because i915 makes these files only after it has announced the card [i915_driver.c i915_driver_register: drm_dev_register,
 * then i915_setup_sysfs]: the `add` of a card that was there before udev ran (an initramfs) finds them, the one of a module that is
 * loaded now may not. The `bind` of the device comes when the driver is done [since v4.14 drivers/base/dd.c driver_bound]. `*` stands for the
 * card, whose number is another one from boot to boot [systemd src/udev/udev-rules.c attr_subst_subdir].
 */
export function udevRule(address: string, limits: Limits): string {
  return `# Frequency limits of the GPU, written by pulumi-acrn (GpuFrequency). In MHz; i915 refuses a minimum above the maximum,
# so the minimum is said before the maximum and after it.
ACTION=="add|change", SUBSYSTEM=="drm", KERNEL=="card[0-9]*", KERNELS=="${address}", TEST=="gt_max_freq_mhz"${set("", limits)}
ACTION=="add|bind", SUBSYSTEM=="pci", KERNEL=="${address}", TEST=="drm/*/gt_max_freq_mhz"${set("drm/*/", limits)}
`;
}

function set(folder: string, limits: Limits): string {
  return IN_ORDER.map((limit) => `, ATTR{${folder}gt_${limit}_freq_mhz}="${limits[limit]}"`).join("");
}

/**
 * In this order each pair of limits can be reached from each other one [v6.1 intel_rps.c set_max_freq, set_min_freq: EINVAL for a maximum
 * below the minimum that runs, and the other way round]: where the first word is refused, the minimum that runs is lower still.
 */
export const IN_ORDER = ["min", "max", "min", "boost"] as const satisfies readonly (keyof Limits)[];

/** What a text of ours says. */
export function limitsOfRule(text: string): Limits | undefined {
  const [min, max, boost] = (["min", "max", "boost"] as const).map(
    (limit) => new RegExp(`, ATTR\\{gt_${limit}_freq_mhz\\}="(\\d{1,5})"`).exec(text)?.[1],
  );
  if (min === undefined || max === undefined || boost === undefined) return undefined;
  return { min: Number(min), max: Number(max), boost: Number(boost) };
}
