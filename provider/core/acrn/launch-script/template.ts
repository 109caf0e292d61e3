import { slotOf, splitSlot } from "./options";
import type { Script } from "./script";

/** Functions of ACRN's template that write one argument [3.4-dev misc/config_tools/launch_config/launch_script_template.sh]. */
export interface Template {
  option: string;
  /** The option's argument for the function's words; undefined: only running it tells. */
  read(words: readonly string[]): string | undefined;
  /** The function's words for an argument; undefined: it cannot write that. */
  write(argument: string): string[] | undefined;
  /** It does more than write: it takes CPUs offline, unbinds a device. Literal words in its place would not. */
  acts(argument: string): boolean;
}

const never = () => false;
const always = () => true;

const TEMPLATES: ReadonlyMap<string, Template> = new Map([
  ["add_cpus", listed("--cpu_affinity", /^\d+(?:,\d+)*$/, always)],
  ["add_interrupt_storm_monitor", listed("--intr_monitor", /^\d+(?:,\d+){3}$/, never)],
  ["add_logger_settings", { option: "--logger_setting", read: readLoggers, write: writeLoggers, acts: never }],
  ["add_virtual_device", { option: "-s", read: readDevice, write: writeDevice, acts: isNetwork }],
  ["add_passthrough_device", { option: "-s", read: readPassthrough, write: writePassthrough, acts: always }],
] satisfies [string, Template][]);

/** The template function of that name, if the script defines it, once, and it writes the option that it should. */
export function templateOf(script: Script, name: string): Template | undefined {
  const template = TEMPLATES.get(name);
  const blocks = script.functions.get(name) ?? [];
  const [body] = blocks;
  if (!template || blocks.length !== 1 || !body) return undefined;
  return script.text.slice(body.start, body.end).includes(template.option) ? template : undefined;
}

/** The call that writes an argument, where the script has the function. */
export function callFor(
  script: Script,
  option: string,
  argument: string,
): { name: string; words: string[] } | undefined {
  for (const name of TEMPLATES.keys()) {
    const template = templateOf(script, name);
    const words = template?.option === option ? template.write(argument) : undefined;
    if (words) return { name, words };
  }
  return undefined;
}

/** `4 6` for `4,6`. */
function listed(option: string, form: RegExp, acts: () => boolean): Template {
  const checked = (argument: string) => (form.test(argument) ? argument : undefined);
  return { option, read: (words) => checked(words.join(",")), write: (list) => checked(list)?.split(","), acts };
}

/** `console=4 kmsg=3` for `console,level=4;kmsg,level=3`. */
function readLoggers(words: readonly string[]): string | undefined {
  if (words.length === 0 || !words.every((word) => /^\w+=\d+$/.test(word))) return undefined;
  return words.map((word) => word.replace("=", ",level=")).join(";");
}

function writeLoggers(argument: string): string[] | undefined {
  const parts = argument.split(";");
  return parts.every((part) => /^\w+,level=\d+$/.test(part)) ? parts.map((p) => p.replace(",level=", "=")) : undefined;
}

/** `3 virtio-blk ./x.img`. An input device is looked up in the host's devices; words after the third are lost. */
function readDevice(words: readonly string[]): string | undefined {
  const [slot = "", kind, options] = words;
  if (slotOf(slot) === undefined || !kind || kind === "virtio-input" || words.length > 3) return undefined;
  return [slot, kind, ...(options ? [options] : [])].join(",");
}

function writeDevice(argument: string): string[] | undefined {
  const [, slot, kind, options] = /^([^,]+),([^,]+)(?:,([\s\S]+))?$/.exec(argument) ?? [];
  if (!slot || !kind || kind === "passthru") return undefined;
  const words = options === undefined ? [slot, kind] : [slot, kind, options];
  return readDevice(words) === argument ? words : undefined;
}

/** For a network device the function makes the tap interface too. */
function isNetwork(argument: string): boolean {
  return splitSlot(argument)?.value.startsWith("virtio-net") ?? false;
}

const BDF = /^(?:[\da-f]{4}:)?([\da-f]{1,2}):([\da-f]{1,2})\.([0-7])$/;

/** `4 0000:02:00.0 enable_ptm` for `4,passthru,2/0/0,enable_ptm`. */
function readPassthrough(words: readonly string[]): string | undefined {
  const [slot = "", device = "", options] = words;
  const parts = BDF.exec(device);
  if (slotOf(slot) === undefined || !parts || words.length > 3) return undefined;
  const place = parts.slice(1).map((part) => Number.parseInt(part, 16).toString(16));
  return [slot, "passthru", place.join("/"), ...(options ? [options] : [])].join(",");
}

function writePassthrough(argument: string): string[] | undefined {
  const [, slot, bus, device, fn, options] =
    /^([^,]+),passthru,([\da-f]{1,2})\/([\da-f]{1,2})\/([0-7])(?:,([\s\S]+))?$/.exec(argument) ?? [];
  if (!slot || !bus || !device) return undefined;
  const words = [slot, `0000:${bus.padStart(2, "0")}:${device.padStart(2, "0")}.${fn}`, ...(options ? [options] : [])];
  return readPassthrough(words) === argument ? words : undefined;
}
