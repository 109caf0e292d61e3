import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cpuList, lastOf } from "./line";
import { ranges } from "./live";
import { cpusOf, type GuestOsSpec } from "./spec";
import { everyKey, readValue, shownFor } from "./sysctl/values";

/** A file of the kernel's that takes something else than it shows. */
interface Knob {
  path: string;
  /** What it shows after it was given a text; undefined: EINVAL, EIO, and it stays. */
  shows(given: string, before: string): string | undefined;
  start: string;
  /** What another file says of the same. */
  twin?: { path: string; start: string };
}

/** Interrupts of a guest: the timer's cannot be moved, those of a virtio disk are the kernel's own (managed) [kernel/irq/proc.c: write_irq_affinity, EIO]. */
const IRQS: readonly [irq: number, movable: boolean, name: string][] = [
  [0, false, "timer"],
  [24, true, "virtio0-config"],
  [25, true, "virtio1-input.0"],
  [26, false, "virtio2-req.0"],
];

/** Runtime knobs of /sys and /proc/irq, and sysctls that are numbers: a script writes as it pleases, and before the next command each shows what the kernel would. */
export class Knobs {
  private readonly seen = new Map<string, string>();
  private all: Knob[] = [];

  constructor(
    private readonly dir: string,
    private readonly spec: GuestOsSpec,
  ) {}

  /** As a boot with this line leaves them. */
  reset(cmdline: string): void {
    this.all = [...pages(cmdline), ...masks(cmdline, cpusOf(this.spec)), ...irqs(cmdline, cpusOf(this.spec))];
    const checks = join(this.dir, "sys/devices/system/machinecheck");
    for (const name of existsSync(checks) ? readdirSync(checks) : [])
      this.all.push(flag(this.dir, `/sys/devices/system/machinecheck/${name}/ignore_ce`));
    this.all.push(...sysctls(this.dir));
    this.seen.clear();
    for (const { path, start, twin } of this.all) {
      this.put(path, start);
      if (twin) this.put(twin.path, twin.start);
    }
    this.put("/proc/interrupts", interrupts(cpusOf(this.spec)));
  }

  /** What was written since counts. */
  look(): void {
    for (const { path, shows, twin } of this.all) {
      const now = this.changed(path);
      const other = twin && this.changed(twin.path);
      const before = this.seen.get(path)?.trim() ?? "";
      if (now !== undefined) this.settle(path, shows(now, before), twin?.path);
      else if (other !== undefined) this.settle(path, shows(this.maskOf(other), before), twin?.path);
    }
  }

  /** @param shown undefined: it was refused, and all stays as it was */
  private settle(path: string, shown: string | undefined, twin: string | undefined): void {
    this.put(path, shown ?? this.seen.get(path)?.trim() ?? "");
    if (twin !== undefined) this.put(twin, shown === undefined ? (this.seen.get(twin)?.trim() ?? "") : asList(shown));
  }

  private maskOf(list: string): string {
    const cpus = cpusOf(this.spec);
    return maskOf(cpuList(list, cpus) ?? [], cpus);
  }

  private changed(path: string): string | undefined {
    const now = this.read(path);
    return now !== undefined && now !== this.seen.get(path) ? now.trim() : undefined;
  }

  private read(path: string): string | undefined {
    const file = join(this.dir, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  private put(path: string, text: string): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), `${text}\n`);
    this.seen.set(path, `${text}\n`);
  }
}

/** `always [madvise] never` [mm/huge_memory.c: enabled_show, defrag_show]. */
function pages(cmdline: string): Knob[] {
  const folder = "/sys/kernel/mm/transparent_hugepage";
  const choice = (path: string, names: readonly string[], start: string): Knob => {
    const shows = (given: string) =>
      names.includes(given) ? names.map((name) => (name === given ? `[${name}]` : name)).join(" ") : undefined;
    return { path: `${folder}/${path}`, shows, start: shows(start) ?? names.join(" ") };
  };
  const first = lastOf(cmdline, "transparent_hugepage") ?? "madvise";
  return [
    choice("enabled", ["always", "madvise", "never"], first),
    choice("defrag", ["always", "defer", "defer+madvise", "madvise", "never"], "madvise"),
  ];
}

/** Work queues keep off isolated CPUs by themselves [kernel/workqueue.c: workqueue_init_early; housekeeping_cpumask(HK_TYPE_DOMAIN)]. */
function masks(cmdline: string, cpus: number): Knob[] {
  const folder = "/sys/devices/virtual/workqueue";
  const away = cpuList(lastOf(cmdline, "isolcpus") ?? "", cpus) ?? [];
  const rest = Array.from({ length: cpus }, (_, cpu) => cpu).filter((cpu) => !away.includes(cpu));
  const shows = (given: string) => normal(given, cpus);
  return [
    { path: `${folder}/cpumask`, shows, start: maskOf(rest, cpus) },
    { path: `${folder}/writeback/cpumask`, shows, start: full(cpus) },
  ];
}

function irqs(cmdline: string, cpus: number): Knob[] {
  const given = cpuList(lastOf(cmdline, "irqaffinity") ?? "", cpus) ?? [];
  const first = given.length > 0 ? maskOf(given, cpus) : full(cpus);
  const shows = (movable: boolean) => (text: string) => (movable ? normal(text, cpus) : undefined);
  const one = ([irq, movable]: (typeof IRQS)[number]): Knob => {
    const start = movable ? first : full(cpus);
    const twin = { path: `/proc/irq/${irq}/smp_affinity_list`, start: asList(start) };
    return { path: `/proc/irq/${irq}/smp_affinity`, shows: shows(movable), start, twin };
  };
  return [{ path: "/proc/irq/default_smp_affinity", shows: shows(true), start: first }, ...IRQS.map(one)];
}

function flag(dir: string, path: string): Knob {
  const start = readFileSync(join(dir, path), "utf8").trim();
  return { path, start, shows: (given) => (/^\d+$/.test(given) ? (Number(given) ? "1" : "0") : undefined) };
}

/** As the kernel has them by now; sysctl(8) writes what they show already. */
function sysctls(dir: string): Knob[] {
  return everyKey(dir).flatMap((key) => {
    const path = `/proc/sys/${key}`;
    const start = readValue(dir, key) ?? "";
    const shows = (given: string, before: string) => shownFor(key, before, given);
    return /^[-\d\s]+$/.test(start) ? [{ path, start, shows }] : [];
  });
}

function interrupts(cpus: number): string {
  const heads = Array.from({ length: cpus }, (_, cpu) => `CPU${cpu}`.padStart(11)).join("");
  const lines = IRQS.map(
    ([irq, , name]) => `${String(irq).padStart(4)}:${"0".padStart(11).repeat(cpus)}  PCI-MSI  ${name}`,
  );
  return [`    ${heads}`, ...lines].join("\n");
}

/** A mask as it is written (commas, leading zeros, 0x), as it is shown: cut to the CPUs that there are; an empty one is refused. */
function normal(given: string, cpus: number): string | undefined {
  const text = given.replace(/^0x/i, "").replaceAll(",", "");
  if (!/^[0-9a-f]+$/i.test(text)) return undefined;
  const bits = BigInt(`0x${text}`) & ((1n << BigInt(cpus)) - 1n);
  return bits === 0n ? undefined : grouped(bits, cpus);
}

const maskOf = (list: readonly number[], cpus: number): string =>
  grouped(
    list.reduce((bits, cpu) => bits | (1n << BigInt(cpu)), 0n),
    cpus,
  );

const full = (cpus: number): string => grouped((1n << BigInt(cpus)) - 1n, cpus);

/** Groups of 32 bits, as many digits as there are CPUs [lib/vsprintf.c: bitmap_string]. */
function grouped(bits: bigint, cpus: number): string {
  const text = bits.toString(16).padStart(Math.ceil(cpus / 4), "0");
  return text.replace(/\B(?=(?:.{8})+$)/g, ",");
}

function asList(mask: string): string {
  const bits = BigInt(`0x${mask.replaceAll(",", "")}`);
  return ranges(
    Array.from({ length: bits.toString(2).length }, (_, cpu) => cpu).filter((cpu) => (bits >> BigInt(cpu)) & 1n),
  );
}
