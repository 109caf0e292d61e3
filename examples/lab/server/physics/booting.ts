import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { chooses } from "./grub/choose";
import type { Loaded } from "./grub/load";
import type { MenuEntry } from "./grub/menu";
import type { GrubSpec } from "./grub/spec";
import { type BootedImage, builtFrom, closOf, imageOf, pcpusOf, versionIn, withoutHypervisor } from "./image";
import { type LabFlags, readLabImage } from "./lab-image";
import { readAllocation } from "./rdt/allocation-xml";
import { badMask } from "./rdt/table";
import type { Booted } from "./types";

/** What a boot comes to. */
export interface Start {
  image: BootedImage;
  flags: LabFlags;
  /** Why it ends dark. */
  dark?: string;
  /** What GRUB started; undefined where the tree has no menu, and the record's image simply runs. */
  from?: { title: string; id: string; file: string; kernel: string; cmdline: string; hypervisor: boolean };
}

/** @param real GRUB takes next_entry away, where it can write; else it is only looked at what would boot */
export function booting(dir: string, grub: GrubSpec, real: boolean): Start {
  const choice = chooses(dir, grub, real);
  if (choice === undefined) return { image: imageOf(dir), flags: {} };
  if ("loaded" in choice) return started(dir, choice.entry, choice.loaded);
  return { image: imageOf(dir), flags: {}, dark: `GRUB boots nothing: ${choice.trouble}` };
}

/** How it goes on from there: up, dark, or from the reset once more. */
export interface Course {
  fate: "up" | "dark" | "again";
  waitMs: number;
  events: string[];
}

export function courseOf({ from, dark, flags }: Start): Course {
  const first = from ? [`loads ${from.title}`] : [];
  const waitMs = flags.slow ?? 0;
  if (dark !== undefined) return { fate: "dark", waitMs, events: [...first, dark] };
  if (flags.hangs) return { fate: "dark", waitMs, events: [...first, "hangs in boot"] };
  if (flags.dies) return { fate: "again", waitMs, events: [...first, "reset in boot"] };
  return { fate: "up", waitMs, events: first };
}

/** As it is told of. */
export function bootedBy({ from, image }: Start): Booted | undefined {
  if (!from) return undefined;
  const { cmdline, ...rest } = from;
  const marker = /(?:^| )pulumi_acrn_image=(\S+)/.exec(cmdline)?.[1];
  const named = image.vms.map((vm) => [vm.name, closOf(image, vm.name, pcpusOf(image, vm))] as const);
  const clos = Object.fromEntries(named.flatMap(([name, has]) => (has ? [[name, has]] : [])));
  return { ...rest, ...(marker !== undefined && { image: marker }), ...(image.rdt && { clos }) };
}

function started(dir: string, { title, id }: MenuEntry, { loader, file, words, modules }: Loaded): Start {
  const line = words.join(" ");
  const from = { title, id, file };
  if (loader === "linux") {
    const cmdline = `BOOT_IMAGE=${file} ${line}`;
    return {
      image: withoutHypervisor(dir),
      flags: {},
      from: { ...from, kernel: kernelOf(dir, file), cmdline, hypervisor: false },
    };
  }
  const made = readLabImage(join(dir, file));
  if (made === "damaged") return { image: imageOf(dir), flags: {}, dark: `the hypervisor ${file} is damaged` };
  const image = made ? builtFrom(sourcesOf(made)) : imageOf(dir, versionIn(basename(file)));
  const flags = made?.flags ?? {};
  const kernel = modules.find((module) => !image.kernelTag || module.words[0] === image.kernelTag);
  // init_vm_sw_load fails, and the Service VM does not start [hypervisor/boot/guest/vboot_info.c]
  if (!kernel) return { image, flags, dark: `no module is tagged ${image.kernelTag}: the Service VM has no kernel` };
  const bad = image.rdt ? badMask(image.table, image.caches) : undefined;
  if (bad !== undefined) return { image, flags, dark: `the processor refuses the mask ${bad}` };
  // what stands behind the tag takes the place of the configured arguments; the hypervisor's own line comes after them [same file]
  const own = kernel.words.slice(1).join(" ") || image.bootArgs;
  const cmdline = [own, line].filter(Boolean).join(" ");
  return { image, flags, from: { ...from, kernel: kernelOf(dir, kernel.file), cmdline, hypervisor: true } };
}

function sourcesOf({
  scenario,
  board,
  version,
  allocation,
}: Exclude<ReturnType<typeof readLabImage>, string | undefined>) {
  const cdp = /<CDP_ENABLED>\s*y\s*</.test(scenario);
  return {
    ...{ scenario, board },
    version: versionIn(`acrn-${version}.bin`),
    table: allocation === undefined ? undefined : readAllocation(allocation, cdp),
  };
}

/** The kernel's own word for itself; a copy may have another name. */
export function kernelOf(dir: string, file: string): string {
  const text = readFileSync(join(dir, file), "latin1").slice(0, 200);
  return /^lab kernel (\S+)/.exec(text)?.[1] ?? basename(file).replace(/^vmlinu[xz]-/, "");
}
