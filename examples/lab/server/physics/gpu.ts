import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DEVICES = "sys/bus/pci/devices";
const RULES = "etc/udev/rules.d";
const NAMES = ["min", "max", "boost"] as const;

type Name = (typeof NAMES)[number];

/** Hardware counts in thirds of 50 MHz [v6.1 drivers/gpu/drm/i915/gt/intel_rps.c intel_freq_opcode, generation 9 and later]. */
const rounded = (mhz: number): number => Math.round((Math.round((mhz * 3) / 50) * 50) / 3);

/**
 * The limits that i915 keeps for one GPU. A write below RPn or above RP0 is refused, and so is a minimum above the maximum that runs, or the other way
 * round [set_max_freq, set_min_freq, rps_set_boost_freq]; all else is rounded. Here a refused write has to be undone: a file takes anything.
 */
class Card {
  private now: Record<Name, number>;

  constructor(readonly folder: string) {
    this.now = { min: this.read("min") ?? 0, max: this.read("max") ?? 0, boost: this.read("boost") ?? 0 };
  }

  /** What was written meanwhile, as if in this order: the minimum once more after the maximum. */
  reconcile(): void {
    const written = NAMES.map((name) => [name, this.read(name)] as const);
    if (written.some(([, value]) => value === undefined)) return; // somebody writes at this moment
    const said = Object.fromEntries(written) as Record<Name, number>;
    if (NAMES.every((name) => said[name] === this.now[name])) return;
    for (const name of ["min", "max", "min", "boost"] as const) this.set(name, said[name]);
    this.write();
  }

  /** The driver starts: the hardware's own limits, then what udev's rules say. */
  start(rules: readonly [Name, number][]): void {
    const lowest = this.read("RPn") ?? 0;
    const highest = this.read("RP0") ?? 0;
    this.now = { min: lowest, max: highest, boost: highest };
    for (const [name, value] of rules) this.set(name, value);
    this.write();
  }

  private set(name: Name, wanted: number): void {
    const value = rounded(wanted);
    const { min, max } = this.now;
    if (value < (this.read("RPn") ?? 0) || value > (this.read("RP0") ?? 0)) return;
    if ((name === "min" && value > max) || (name === "max" && value < min)) return;
    this.now[name] = value;
  }

  private write(): void {
    for (const name of NAMES)
      if (this.read(name) !== this.now[name]) writeFileSync(this.file(name), `${this.now[name]}\n`);
  }

  private read(name: string): number | undefined {
    const text = readFileSync(this.file(name), "utf8").trim();
    return /^\d+$/.test(text) ? Number(text) : undefined;
  }

  private file(name: string): string {
    return join(this.folder, `gt_${name}_freq_mhz`);
  }
}

/**
 * The GPUs of a tree that have i915's files (`HostTreeSpec.gpu`). What a command wrote is judged before the next one, as a whole: a look in
 * between could not tell a write that has to fail from the first one of two.
 */
export class Gpus {
  private readonly cards: { address: string; card: Card }[];

  constructor(private readonly dir: string) {
    this.cards = entries(join(dir, DEVICES)).flatMap((address) =>
      entries(join(dir, DEVICES, address, "drm")).map((name) => ({
        address,
        card: new Card(join(dir, DEVICES, address, "drm", name)),
      })),
    );
  }

  reconcile(): void {
    for (const { card } of this.cards) card.reconcile();
  }

  boot(): void {
    for (const { address, card } of this.cards) card.start(rulesFor(this.dir, address));
  }
}

/** Assignments to a GPU's limits in the rules of one event, the `bind` of the device: by name of the file, then line by line, udev(7). */
function rulesFor(dir: string, address: string): [Name, number][] {
  const lines = entries(join(dir, RULES))
    .filter((name) => name.endsWith(".rules"))
    .sort()
    .flatMap((name) => readFileSync(join(dir, RULES, name), "utf8").split("\n"));
  return lines
    .filter((line) => /^ACTION=="[a-z|]*bind"/.test(line) && line.includes(`KERNEL=="${address}"`))
    .flatMap((line) => [...line.matchAll(/ATTR\{drm\/\*\/gt_(min|max|boost)_freq_mhz\}="(\d+)"/g)])
    .map(([, name, value]) => [name as Name, Number(value)]);
}

const entries = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);
