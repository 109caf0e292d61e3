import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Kernel {
  version: string;
  /** Path on the machine. */
  file: string;
  initrd?: string;
  /** CONFIG_ACRN_HSM=y or m: it can be a Service VM's. */
  acrn: boolean;
}

/** The kernels of /boot, newest first, as grub-mkconfig's scripts find them. */
export function kernels(dir: string): Kernel[] {
  const folder = join(dir, "boot");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const versions = names.flatMap((name) => /^vmlinuz-(.+)$/.exec(name)?.[1] ?? []);
  return versions.sort((a, b) => compareVersions(b, a)).map((version) => kernel(folder, version));
}

function kernel(folder: string, version: string): Kernel {
  const config = join(folder, `config-${version}`);
  const initrd = `initrd.img-${version}`;
  return {
    version,
    file: `/boot/vmlinuz-${version}`,
    ...(existsSync(join(folder, initrd)) && { initrd: `/boot/${initrd}` }),
    acrn: existsSync(config) && /^CONFIG_ACRN_HSM=[ym]$/m.test(readFileSync(config, "latin1")),
  };
}

/** As `sort -V` has numbers in names. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
