import { headOf } from "./expand";
import type { Argument, Refusal } from "./getopt";
import { type Call, viewOf } from "./view";

/** What a launch script gives acrn-dm. */
export interface LaunchArguments {
  /** The VM's name, where the script says it. */
  vm?: string;
  /** Line of a call that ends without a VM's name, which acrn-dm takes for a wrong usage [devicemodel/core/main.c]. */
  nameless?: number;
  arguments: readonly LaunchArgument[];
  /** Names of arguments that may be there too. */
  maybe: readonly string[];
  /** Set where the arguments as a whole cannot be told; `arguments` is then what comes before that line. */
  refusal?: Refusal;
  /** Does acrn-dm use its standard input and output as the VM's console? */
  console: boolean;
}

export interface LaunchArgument {
  /** `-m`, `--cpu_affinity`, `-s 3`. */
  name: string;
  /** `true`: a flag. Undefined: the script computes it, and `why` says how. */
  value: string | true | undefined;
  why?: string;
  line: number;
}

/** Never throws: a script is foreign text. */
export function launchArguments(text: string, file: string): LaunchArguments {
  const { calls, refusal } = viewOf(text, file);
  const [call] = calls;
  const list = call?.arguments ?? [];
  return {
    ...(call?.vm === undefined || refusal ? {} : { vm: call.vm }),
    ...(call && !call.last && !refusal ? { nameless: call.line } : {}),
    arguments: list.map(({ name, value, why, line }) => ({ name, value, line, ...(why === undefined ? {} : { why }) })),
    maybe: [...(call?.maybe.keys() ?? [])],
    ...(refusal ? { refusal } : {}),
    console: refusal ? mentionsConsole(text) : usesConsole(call),
  };
}

/** `-l com1,stdio`, or a port of a virtio console: `[@]stdio:<name>` [devicemodel/hw/pci/virtio/virtio_console.c]. */
function usesConsole(call: Call | undefined): boolean {
  return (call?.arguments ?? []).some((argument) => {
    const value = known(argument);
    if (argument.name === "-l") return /^[^,]*,stdio(?:,|$)/.test(value);
    return argument.name.startsWith("-s ") && /^virtio-console,(?:.*,)?@?stdio:/.test(value);
  });
}

/** Of a computed value, what comes before that. */
function known({ value, items, prefix }: Argument): string {
  const last = items.at(-1);
  if (value !== undefined) return String(value);
  return last?.kind === "field" ? headOf(last.field).slice(prefix.length) : "";
}

/** Where the arguments cannot be told, the wrapper had better have a terminal. */
function mentionsConsole(text: string): boolean {
  return /\bcom\d,stdio\b|virtio-console[, ]\S*@?stdio:/.test(text);
}
