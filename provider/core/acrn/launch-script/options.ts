/**
 * acrn-dm's options with an argument: `optstr` and `long_options` of devicemodel/core/main.c, v1.6 to 3.4-dev (`-c`, `-p`
 * only in the oldest). `--ssram` and `--psram` are left out: flags up to v2.7, with an argument since v3.0.
 */
const SHORT_WITH_ARGUMENT = "EkrBsmlUGicp";
const SHORT_FLAGS = "hAWYv";
const LONG_WITH_ARGUMENT = new Set(
  (
    "--vsbl --ovmf --iasl --cpu_affinity --part_info --virtio_poll --mac_seed --intr_monitor --cmd_monitor --acpidev_pt " +
    "--mmiodev_pt --vtpm2 --logger_setting --pm_notify_channel --pm_by_vuart"
  ).split(" "),
);
const LONG_FLAGS = new Set("--enable_trusty --debugexit --lapic_pt --rtvm --windows --virtio_msi".split(" "));

/** Long spellings of options that have a letter. */
const LETTERS: Readonly<Record<string, string>> = {
  "--acpi": "-A",
  "--elf_file": "-E",
  "--ioc_node": "-i",
  "--lpc": "-l",
  "--pci_slot": "-s",
  "--memsize": "-m",
  "--uuid": "-U",
  "--virtio_msix": "-W",
  "--mptgen": "-Y",
  "--kernel": "-k",
  "--ramdisk": "-r",
  "--bootargs": "-B",
  "--version": "-v",
  "--gvtargs": "-G",
  "--help": "-h",
};

/** `unknown`: a newer option, or one that is a flag in some versions: what stands around it tells. */
export type Arity = "flag" | "argument" | "unknown";

/** An option's one name: that of the manual pages, `-m` rather than `--memsize`. */
export function canonical(option: string): string {
  return Object.hasOwn(LETTERS, option) ? (LETTERS[option] as string) : option;
}

/** @param option by its one name */
export function arityOf(option: string): Arity {
  if (LONG_WITH_ARGUMENT.has(option)) return "argument";
  if (LONG_FLAGS.has(option)) return "flag";
  if (option.length !== 2) return "unknown";
  if (SHORT_WITH_ARGUMENT.includes(option.charAt(1))) return "argument";
  return SHORT_FLAGS.includes(option.charAt(1)) ? "flag" : "unknown";
}

/** `3`, `3:1`, `1:3:0`: slot, function and bus as parse_bdf of devicemodel/hw/pci/core.c reads them, in their shortest form. */
export function slotOf(text: string): string | undefined {
  const parts = /^\d{1,4}(?:[:/.]\d{1,4}){0,2}$/.test(text) ? text.split(/[:/.]/).map(Number) : undefined;
  if (!parts) return undefined;
  const [bus, slot, fn] = parts.length === 3 ? parts : [0, parts[0], parts[1] ?? 0];
  if (bus !== 0) return `${bus}:${slot}:${fn}`;
  return fn === 0 ? `${slot}` : `${slot}:${fn}`;
}

/** `arg[-s 3]` -> `-s 3`; undefined for a key that names no argument. */
export function nameOfKey(key: string): string | undefined {
  const inner = /^arg\[(--?[A-Za-z][\w-]{0,40})(?: ([\d:/.]{1,14}))?\]$/.exec(key);
  const option = inner && canonical(inner[1] as string);
  if (!option || (option !== "-s" && inner[2] !== undefined)) return undefined;
  if (option !== "-s") return option.startsWith("--") || option.length === 2 ? option : undefined;
  const slot = slotOf(inner[2] ?? "");
  return slot === undefined ? undefined : `-s ${slot}`;
}

/** What of a word is the argument's value: behind the slot for `-s`. */
export function splitSlot(argument: string): { slot: string; prefix: string; value: string } | undefined {
  const comma = argument.indexOf(",");
  const slot = comma < 0 ? undefined : slotOf(argument.slice(0, comma));
  return slot === undefined
    ? undefined
    : { slot, prefix: argument.slice(0, comma + 1), value: argument.slice(comma + 1) };
}
