/** acrn-dm's command line, read as its getopt_long does [devicemodel/core/main.c, v2.5, v2.7, v3.0, v3.3]. */
export interface DmArgs {
  name: string;
  /** pCPU ids up to v2.7, APIC ids after. */
  affinity?: number[];
  /** GUEST_FLAG_RT: what its reset and its end are decided by. */
  realtime: boolean;
  memoryMb: number;
  /** `-B`. */
  bootArgs?: string;
  warnings: string[];
}

export type ParsedDmArgs = DmArgs | { refusal: string };

const NO_VALUE = "A acpi Y mptgen v version h help enable_trusty debugexit lapic_pt rtvm windows".split(" ");
const VALUE = (
  "E elf_file i ioc_node l lpc s pci_slot m memsize k kernel r ramdisk B bootargs G gvtargs vsbl ovmf cpu_affinity " +
  "part_info virtio_poll mac_seed intr_monitor acpidev_pt mmiodev_pt vtpm2 logger_setting pm_notify_channel pm_by_vuart"
).split(" ");

/** Whether an option takes a value; undefined: this version does not know it. */
function takesValue(option: string, version: number): boolean | undefined {
  if (NO_VALUE.includes(option)) return false;
  if (VALUE.includes(option)) return true;
  if (option === "U" || option === "uuid") return version < 207 ? true : undefined;
  if (option === "W" || option === "virtio_msix") return version < 300 ? false : undefined;
  if (option === "ssram") return version >= 300;
  if (option === "cmd_monitor") return version >= 300 ? true : undefined;
  if (option === "virtio_msi") return version >= 300 ? false : undefined;
  if (option === "iasl") return version >= 301 ? true : undefined;
  return undefined;
}

const LONG_OF: Readonly<Record<string, string>> = { m: "memsize", B: "bootargs", k: "kernel", s: "pci_slot" };

/** @param version MAJOR * 100 + MINOR */
export function parseDmArgs(words: readonly string[], version: number): ParsedDmArgs {
  const options = new Map<string, string>();
  const operands: string[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === "--") operands.push(...left.splice(0));
    else if (!word.startsWith("-") || word === "-") operands.push(word);
    else {
      const [, long, short = "", rest] = /^(?:--([^=]+)|-(.))=?(.*)$/s.exec(word) ?? [];
      const option = long ?? short;
      const needs = takesValue(option, version);
      if (needs === undefined) return { refusal: `unknown option ${word}, see acrn-dm -h` };
      const inline = long === undefined ? word.slice(2) : word.includes("=") ? rest : undefined;
      if (!needs && long === undefined && inline) left.unshift(`-${inline}`);
      const value = needs ? inline || left.shift() : "";
      if (value === undefined) return { refusal: `option ${word} lacks its value` };
      options.set(LONG_OF[option] ?? option, value);
    }
  }
  return checked(options, operands, version);
}

function checked(options: Map<string, string>, operands: string[], version: number): ParsedDmArgs {
  const [name] = operands;
  if (name === undefined || operands.length !== 1)
    return { refusal: `one VM name is wanted, given: ${operands.join(" ") || "none"}` };
  if (version >= 207 && name.length > 15) return { refusal: `the VM name ${name} has more than 15 characters` };
  const memory = options.get("memsize");
  const memoryMb = memory === undefined ? 256 : megabytes(memory);
  if (memoryMb === undefined) return { refusal: `invalid memsize '${memory}'` };
  const text = options.get("cpu_affinity");
  const affinity = text === undefined ? undefined : cpuList(text, version < 300);
  if (text !== undefined && affinity === undefined) return { refusal: `invalid pcpu param ${text}` };
  const poll = options.get("virtio_poll");
  if (poll !== undefined && !(Number(poll) >= 1 && Number(poll) <= 10_000_000))
    return { refusal: `invalid virtio poll interval ${poll}` };
  const bootArgs = options.get("bootargs");
  if (bootArgs !== undefined && bootArgs.length > 2047) return { refusal: "the boot arguments are too long" };
  const rtvm = options.has("rtvm");
  const lapic = options.has("lapic_pt");
  return {
    name,
    ...(affinity && { affinity }),
    realtime: rtvm || (lapic && version < 300),
    memoryMb,
    ...(bootArgs !== undefined && { bootArgs }),
    warnings: lapic && !rtvm && version >= 300 ? ["--lapic_pt is ignored: the VM is no RTVM (--rtvm)"] : [],
  };
}

/** vm_parse_memsize: the cases without a unit fall through to the error; 128 MB at least. */
function megabytes(text: string): number | undefined {
  const [, number, unit = ""] = /^(0x[0-9a-f]+|\d+)([gmk])/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  const size =
    (Number(number) * { g: 2 ** 30, m: 2 ** 20, k: 2 ** 10 }[unit.toLowerCase() as "g" | "m" | "k"]) / 2 ** 20;
  return size >= 128 ? size : undefined;
}

function cpuList(text: string, ranges: boolean): number[] | undefined {
  const cpus: number[] = [];
  for (const part of text.split(",")) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined || (last !== undefined && !ranges)) return undefined;
    for (let cpu = Number(first); cpu <= Number(last ?? first); cpu++) cpus.push(cpu);
  }
  return cpus;
}
