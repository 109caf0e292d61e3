import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { kernelFiles } from "./builder/host-boot";
import { kernels } from "./server/physics/grub/kernels";
import { type Made, updateGrub } from "./server/physics/grub/mkconfig";
import type { GrubSpec } from "./server/physics/grub/spec";

export interface KernelUpgrade {
  /** @default "6.1.90-acrn-service-vm" */
  to?: string;
  /** The new one can be a Service VM's (CONFIG_ACRN_HSM). @default true */
  hsm?: boolean;
  /** The old ones stay. @default false */
  keep?: boolean;
  grub?: GrubSpec;
}

/** A kernel package comes and the old ones go (apt upgrade, apt autoremove); after each the hook runs update-grub. */
export function upgradeKernel(
  dir: string,
  { to = "6.1.90-acrn-service-vm", hsm = true, keep, grub }: KernelUpgrade = {},
): void {
  const old = kernels(dir).filter(({ version }) => version !== to);
  for (const { path, content } of kernelFiles({ kernels: [to] }, hsm)) writeFileSync(join(dir, path), content);
  settle(updateGrub(dir, grub));
  if (keep) return;
  for (const { version } of old)
    for (const name of [`vmlinuz-${version}`, `initrd.img-${version}`, `config-${version}`])
      rmSync(join(dir, "boot", name), { force: true });
  settle(updateGrub(dir, grub));
}

export interface PackageUpgrade {
  /** MAJOR.MINOR. @default the one that is there */
  to?: string;
  /** The new package's scenario. @default another comment */
  scenario?: (text: string) => string;
  /** Called when the old image is gone and the new one has not come. */
  between?: () => void;
  grub?: GrubSpec;
}

/**
 * acrn-hypervisor is upgraded: prerm takes image, board and record away, then the new files come and postinst copies and links
 * [debian/acrn-hypervisor.prerm.in, .postinst.in]; dpkg's sums are the new ones; the trigger runs update-grub.
 */
export function upgradePackage(dir: string, { to, scenario, between, grub }: PackageUpgrade = {}): void {
  const boot = join(dir, "boot");
  const old = readdirSync(boot).find((name) => /^acrn-.*\.bin$/.test(name)) ?? "acrn-3.3.bin";
  const version = to ?? old.replace(/^acrn-|\.bin$/g, "");
  const links = ["board.xml", "scenario.xml"].map((name) => join(dir, "usr/share/acrn", name));
  const payload = links.map((link) => join(dirname(link), readlinkSync(link)));
  for (const name of readdirSync(boot)) if (/^acrn-.*\.(bin|config|map)$/.test(name)) rmSync(join(boot, name));
  for (const link of links) rmSync(link);
  between?.();
  const [, record = ""] = payload;
  const change = scenario ?? ((text: string) => `${text}<!-- of the package ${version} -->\n`);
  writeFileSync(record, change(readFileSync(record, "utf8")));
  const image = readdirSync(dirname(record)).find((name) => name.endsWith(".bin")) ?? "acrn.bin";
  const base = join(dirname(record), image.replace(/\.bin$/, ""));
  writeFileSync(
    `${base}.bin`,
    `lab image of ACRN ${version}, upgraded ${createHash("md5").update(readFileSync(record)).digest("hex")}\n`,
  );
  for (const end of ["bin", "config", "map"])
    writeFileSync(join(boot, `acrn-${version}.${end}`), readFileSync(`${base}.${end}`));
  links.forEach((link, index) => {
    symlinkSync(relative(dirname(link), payload[index] as string), link);
  });
  sums(dir, join(dir, "usr/lib/x86_64-linux-gnu/acrn"));
  settle(updateGrub(dir, grub));
}

/** dpkg's sums of what the package holds, and of nothing else: those of its launch scripts stay. */
function sums(dir: string, payload: string): void {
  const file = join(dir, "var/lib/dpkg/info/acrn-hypervisor.md5sums");
  const others = existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line && !line.includes("  usr/lib/"))
    : [];
  const files = readdirSync(payload, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const lines = files.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${createHash("md5").update(readFileSync(path)).digest("hex")}  ${relative(dir, path)}`;
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${[...lines.sort(), ...others].join("\n")}\n`);
}

function settle({ status, said }: Made): void {
  if (status !== 0) throw new Error(`the package's update-grub: ${said.join("; ")}`);
}
