import {
  existsSync,
  type FSWatcher,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { BootedImage } from "./image";

const FOLDER = "sys/devices/system/cpu";

/** Where a CPU is handed over: HSM's attribute since v2.7, before that VHM's (launch_config/com.py at v2.5). */
export const REMOVE = ["sys/devices/virtual/misc/acrn_hsm/remove_cpu", "sys/class/vhm/acrn_vhm/offline_cpu"];

/**
 * The CPUs of the Service VM: an offline one is no longer in /proc/cpuinfo, and one that was handed over does not come back before
 * the next boot (hcall_service_vm_offline_cpu has no counterpart). Nothing is written unless something changed.
 */
export class SvmCpus {
  private readonly handed = new Set<number>();
  private watchers: FSWatcher[] = [];
  private last: string;
  private all: { number: number; apicId: number }[];

  constructor(
    private readonly dir: string,
    image: BootedImage,
  ) {
    this.all = cpusOf(image);
    this.last = String(this.offline());
  }

  /** Its own numbers. */
  offline(): number[] {
    return this.all
      .map(({ number }) => number)
      .filter((cpu) => this.read(`${FOLDER}/cpu${cpu}/online`)?.trim() === "0");
  }

  /** Which of these pCPUs the Service VM still runs on. */
  shared(pcpus: readonly number[], image: BootedImage): number[] {
    const off = this.offline();
    const live = this.all.filter(({ number }) => !off.includes(number)).map(({ apicId }) => apicId);
    return image.threads
      .filter(({ cpu, apicId }) => pcpus.includes(cpu) && live.includes(apicId))
      .map(({ cpu }) => cpu);
  }

  /** The other files follow `cpuN/online`. */
  reconcile(): void {
    for (const path of REMOVE) {
      const named = Number.parseInt(this.read(path) ?? "", 10);
      if (this.offline().includes(named)) this.handed.add(named);
    }
    for (const cpu of this.handed) if (!this.offline().includes(cpu)) this.write(`${FOLDER}/cpu${cpu}/online`, "0\n");
    const offline = this.offline();
    if (String(offline) === this.last) return;
    this.last = String(offline);
    this.write(`${FOLDER}/offline`, `${ranges(offline)}\n`);
    const online = this.all.map(({ number }) => number).filter((cpu) => !offline.includes(cpu));
    this.write(`${FOLDER}/online`, `${ranges(online)}\n`);
    this.write("proc/cpuinfo", this.cpuinfo(online));
  }

  /** A boot: all of them are back. */
  restore(image: BootedImage): void {
    this.handed.clear();
    const before = JSON.stringify(this.all);
    this.all = cpusOf(image);
    if (JSON.stringify(this.all) !== before) this.renumber();
    for (const path of REMOVE) if (this.read(path)) this.write(path, "");
    for (const cpu of this.offline()) this.write(`${FOLDER}/cpu${cpu}/online`, "1\n");
    this.reconcile();
  }

  /** Another image leaves the Service VM other CPUs: files of new ones, none of those that are gone, and nothing of the old list. */
  private renumber(): void {
    if (!existsSync(join(this.dir, FOLDER))) return;
    const numbers = this.all.map(({ number }) => number);
    for (const number of numbers.slice(1)) {
      const path = join(this.dir, `${FOLDER}/cpu${number}`);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, "online"), "1\n");
    }
    for (const name of readdirSync(join(this.dir, FOLDER)))
      if (/^cpu\d+$/.test(name) && !numbers.includes(Number(name.slice(3))))
        rmSync(join(this.dir, FOLDER, name), { recursive: true });
    const [pattern = ""] = (this.read("proc/cpuinfo") ?? "").split(/\n\n+/);
    this.write("proc/cpuinfo", pattern.replace(/^processor.*$/m, "processor\t: -1"));
    this.last = "none";
    this.unwatch();
    this.watch();
  }

  /** Scripts write these files by themselves. */
  watch(): void {
    const files = [...this.all.map(({ number }) => `${FOLDER}/cpu${number}/online`), ...REMOVE];
    for (const folder of new Set(files.map((file) => join(this.dir, dirname(file))))) {
      if (!existsSync(folder)) continue;
      const watcher = watch(folder, { persistent: false }, () => this.reconcile());
      watcher.on("error", () => {});
      this.watchers.push(watcher);
    }
  }

  unwatch(): void {
    for (const watcher of this.watchers.splice(0)) watcher.close();
  }

  /** Stanzas that are there stay as they are; one that was away is made after another. */
  private cpuinfo(online: number[]): string {
    const stanzas = (this.read("proc/cpuinfo") ?? "").split(/\n\n+/).map((text) => text.trim());
    const known = new Map(stanzas.map((text) => [Number(/^processor\s*: (\d+)/m.exec(text)?.[1]), text]));
    const pattern = stanzas[0] ?? "";
    const made = online.map((number) => {
      const apicId = this.all.find((cpu) => cpu.number === number)?.apicId;
      return (
        known.get(number) ??
        pattern
          .replace(/^(processor\s*: )\d+/m, `$1${number}`)
          .replace(/^((?:initial )?apicid\s*: )\d+/gm, `$1${apicId}`)
      );
    });
    return `${made.join("\n\n")}\n`;
  }

  private read(path: string): string | undefined {
    try {
      return readFileSync(join(this.dir, path), "utf8");
    } catch {
      return undefined;
    }
  }

  private write(path: string, text: string): void {
    const file = join(this.dir, path);
    if (!existsSync(file)) return;
    // in one step, as the kernel's files change: a script that offlines one CPU after the other reads cpuinfo in between
    writeFileSync(`${file}.new`, text, { mode: statSync(file).mode });
    renameSync(`${file}.new`, file);
  }
}

/** What pre-launched VMs leave, numbered anew from 0. */
function cpusOf({ threads, vms }: BootedImage): { number: number; apicId: number }[] {
  const taken = vms.filter((vm) => vm.load === "pre").flatMap((vm) => vm.pcpus);
  return threads.filter(({ cpu }) => !taken.includes(cpu)).map(({ apicId }, number) => ({ number, apicId }));
}

/** The kernel's list format. */
function ranges(sorted: number[]): string {
  const runs: [number, number][] = [];
  for (const id of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === id - 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
