import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseXml, XmlElement } from "@rgrove/parse-xml";
import { compareVersions, type Kernel, kernels } from "./kernels";
import { DEVICE, FS_UUID, type GrubSpec, relative } from "./spec";

/** What a script of /etc/grub.d gets. */
export interface ScriptWorld {
  dir: string;
  grub: GrubSpec;
  /** The settings, exported or not. */
  settings: Readonly<Record<string, string>>;
  /** To whoever runs it. */
  say(text: string): void;
}

/** The packages' own scripts: their entries are made here, by the rules of the scripts and not by their text. */
export const PACKAGED: Readonly<Record<string, (world: ScriptWorld) => string[]>> = {
  "10_linux": linuxEntries,
  "25_linux_acrn": acrnEntries,
};

const quote = (text: string): string => text.replaceAll("'", "'\\''");

/** How the menu calls the system (10_linux and 25_linux_acrn alike). */
function systemName({ GRUB_DISTRIBUTOR: name = "" }: ScriptWorld["settings"]): string {
  if (name === "") return "GNU/Linux";
  return /^(Ubuntu|Kubuntu)$/.test(name) ? name : `${name} GNU/Linux`;
}

const words = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(" ");

const rootOf = ({ initrd }: Kernel): string => (initrd ? `UUID=${FS_UUID}` : DEVICE);

const SEARCH = ["\tinsmod part_gpt", `\tsearch --no-floppy --fs-uuid --set=root ${FS_UUID}`];

/** One simple entry for the newest kernel, and a submenu with each of them [util/grub.d/10_linux.in]. */
function linuxEntries({ dir, grub, settings, say }: ScriptWorld): string[] {
  if (settings.GRUB_ENABLE_BLSCFG === "true") return ["insmod part_gpt", "insmod blscfg", "blscfg"]; // Fedora's 10_linux
  const found = kernels(dir);
  const os = systemName(settings);
  const { GRUB_CMDLINE_LINUX: always, GRUB_CMDLINE_LINUX_DEFAULT: normal } = settings;
  const block = (kernel: Kernel, line = words(always, normal)): string[] => [
    ...SEARCH,
    `\techo\t'Loading Linux ${kernel.version} ...'`,
    `\tlinux\t${relative(kernel.file, grub)} root=${rootOf(kernel)} ro ${line}`,
    ...(kernel.initrd ? ["\techo\t'Loading initial ramdisk ...'", `\tinitrd\t${relative(kernel.initrd, grub)}`] : []),
    "}",
  ];
  const recovery = (kernel: Kernel): string[] => [
    `menuentry '${quote(os)}, with Linux ${kernel.version} (recovery mode)' --class os $menuentry_id_option 'gnulinux-${kernel.version}-recovery-${FS_UUID}' {`,
    ...block(kernel, words(settings.GRUB_CMDLINE_LINUX_RECOVERY || "single", always)),
  ];
  const [newest] = found;
  if (!newest) return [];
  for (const { file } of found) say(`Found linux image: ${file}`);
  return [
    `menuentry '${quote(os)}' --class gnu-linux --class os $menuentry_id_option 'gnulinux-simple-${FS_UUID}' {`,
    ...block(newest),
    `submenu 'Advanced options for ${quote(os)}' $menuentry_id_option 'gnulinux-advanced-${FS_UUID}' {`,
    ...found.flatMap((kernel) => [
      `menuentry '${quote(os)}, with Linux ${kernel.version}' --class os $menuentry_id_option 'gnulinux-${kernel.version}-advanced-${FS_UUID}' {`,
      ...block(kernel),
      ...(grub.recovery && settings.GRUB_DISABLE_RECOVERY !== "true" ? recovery(kernel) : []),
    ]),
    "}",
  ];
}

interface RecordedVm {
  id: string;
  order: string;
  name: string;
  kernel: string;
  ramdisk: string;
  acpi: string;
}

/**
 * Every /boot/acrn*.bin with every kernel that has HSM; one id for all of them; none without a record [debian/grub/25_linux_acrn]. It knows
 * only `load_order`, so a record of 2.x has no Service VM for it.
 */
function acrnEntries(world: ScriptWorld): string[] {
  const { dir, grub, settings, say } = world;
  const images = list(join(dir, "boot")).filter((name) => /^acrn.*\.bin$/.test(name) && !/^acrn-syms-/.test(name));
  if (images.length === 0) return [];
  const root = recordOf(dir);
  const vms = root ? children(root, "vm").map(recorded) : [];
  if (vms.length === 0) {
    say("ACRN: Missing scenario config /usr/share/acrn/scenario.xml");
    return [];
  }
  const service = vms.find(({ order }) => order === "SERVICE_VM");
  const policy = (root && textOf(root, "hv/FEATURES/CPU_PERFORMANCE_POLICY")) || "Performance";
  const os = systemName(settings);
  const pre = vms.filter(({ order }) => order === "PRE_LAUNCHED_VM").flatMap((vm) => preLaunched(vm, world));
  const able = service ? kernels(dir).filter(({ acrn }) => acrn) : [];
  return images
    .sort((a, b) => compareVersions(b, a))
    .flatMap((image) => {
      const version = image.replace(/\.bin$/, "").replace(/^acrn-/, "");
      return able.flatMap((kernel) => [
        `menuentry '${quote(os)} with ACRN hypervisor, with Linux ${kernel.version} (ACRN ${version})' --class gnu-linux --class os --class acrn $menuentry_id_option 'acrn-gnulinux-${FS_UUID}' {`,
        ...SEARCH,
        `\techo\t'Loading ACRN hypervisor ${version} ...'`,
        `\tmultiboot2\t${relative(`/boot/${image}`, grub)} ${words(`cpu_perf_policy=${policy}`, settings.GRUB_CMDLINE_ACRN)} root=${rootOf(kernel)} ro ${words(settings.GRUB_CMDLINE_LINUX, settings.GRUB_CMDLINE_LINUX_DEFAULT)}`,
        `\tmodule2\t${relative(kernel.file, grub)} ${service?.kernel} ${settings[`GRUB_ACRN_MOD_CMDLINE_${service?.kernel}`] ?? ""}`,
        ...(kernel.initrd ? [`\tmodule2 --nounzip\t${relative(kernel.initrd, grub)} ${service?.ramdisk}`] : []),
        ...pre,
        "}",
      ]);
    });
}

/** The modules of a pre-launched VM; one without a file for its kernel's tag is skipped. */
function preLaunched(vm: RecordedVm, { grub, settings, say }: ScriptWorld): string[] {
  const fileOf = (tag: string) => settings[`GRUB_ACRN_MOD_${tag}`] ?? "";
  if (vm.kernel === "" || fileOf(vm.kernel) === "") {
    say(`ACRN: GRUB_ACRN_MOD_${vm.kernel} not set, skipping ${vm.name}(VM${vm.id})`);
    return [];
  }
  const acpi = vm.acpi || `ACPI_VM${vm.id}`;
  const line = (tag: string, file: string, more: string, option = "") =>
    tag && file ? [`\tmodule2 ${option}\t${relative(file, grub)} ${tag} ${more}`.trimEnd()] : [];
  return [
    ...line(vm.kernel, fileOf(vm.kernel), settings[`GRUB_ACRN_MOD_CMDLINE_${vm.kernel}`] ?? ""),
    ...line(acpi, vm.acpi ? fileOf(acpi) : `/boot/${basename(`ACPI_VM${vm.id}.bin`)}`, ""),
    ...line(vm.ramdisk, fileOf(vm.ramdisk), "", "--nounzip"),
  ];
}

function recordOf(dir: string): XmlElement | undefined {
  const path = join(dir, "usr/share/acrn/scenario.xml");
  try {
    return parseXml(readFileSync(path, "utf8")).root ?? undefined;
  } catch {
    return undefined; // xmllint says nothing either, and there are no VMs then
  }
}

const recorded = (vm: XmlElement): RecordedVm => ({
  id: vm.attributes.id ?? "",
  order: textOf(vm, "load_order"),
  name: textOf(vm, "name"),
  kernel: textOf(vm, "os_config/kern_mod"),
  ramdisk: textOf(vm, "os_config/ramdisk_mod"),
  acpi: textOf(vm, "os_config/acpi_mod_tag"),
});

const children = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((node): node is XmlElement => node instanceof XmlElement && node.name === name);

function textOf(element: XmlElement, path: string): string {
  const found = path.split("/").reduce((all, name) => all.flatMap((one) => children(one, name)), [element]);
  return found[0]?.text.trim() ?? "";
}

const list = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);
