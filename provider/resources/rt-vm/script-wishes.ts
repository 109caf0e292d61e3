import { argumentId, fileId, wholeId } from "../../core/acrn/file-document";
import { ownedScript } from "../../core/acrn/launch/owned-script";
import type { VmConfig } from "../../core/acrn/launch/types";
import { wrappedScript } from "../../core/acrn/launch/wrapped-script";
import { type Allowed, takes } from "../../core/acrn/rt-vm/allowed";
import { showMebibytes } from "../../core/acrn/rt-vm/memory";
import type { RtVmWish } from "../../core/acrn/rt-vm/wish";
import type { Dialect } from "../../core/acrn/types";
import { currentText, type Document, type FieldValue, splitField, type Wish } from "../../core/claims/types";
import { AcrnError } from "../../core/errors";
import type { View } from "../kind";
import { blaming, propertyOfArgument } from "./blame";
import { loaderOf } from "./config";
import { launcherOf, type RtVmArgs, scriptOf, waitingEdit, waitingPath } from "./schema";

export interface ScriptPart {
  wishes: Wish[];
  /** The script as the next image wants it; the canonical one has it too unless it waits. */
  text: string;
  /** Why the canonical script does not have it yet; undefined when it has. */
  waits?: string;
  /** What waits, by what it is made from. */
  madeFrom?: ReadonlyMap<string, string>;
}

export interface ScriptInput {
  view: View;
  args: RtVmArgs;
  wish: RtVmWish;
  config: VmConfig;
  allowed: Allowed;
  /** APIC ids (3.x) or pCPU ids (2.x) of some pCPUs, as a launch names them. */
  named(pcpus: readonly number[]): readonly number[];
}

/**
 * What an RtVm wants of its launch script. pCPUs that the running image would refuse wait in a script of their own for the image that has
 * them (design, "The image is the only switch"): whatever boots next finds a script that it takes.
 */
export function scriptPart(input: ScriptInput): ScriptPart {
  return scriptOf(input.args).owned ? ownedPart(input) : editedPart(input);
}

function ownedPart({ args, wish, config, allowed, named }: ScriptInput): ScriptPart {
  const { path } = scriptOf(args);
  // of more devices than a bus has numbers for, those that were declared are in it (launch.slots)
  const devices = args.virtio ? "virtio" : args.passthrough ? "passthrough" : "script";
  const text = blaming(devices, () => ownedScript(config));
  if (takes(allowed, wish.pcpus) !== false) return { wishes: [{ field: wholeId(path), value: text }], text };
  const now =
    allowed.how === "pcpus"
      ? ownedScript({ ...config, pcpus: allowed.pcpus, apicIds: named(allowed.pcpus) })
      : undefined;
  return {
    wishes: [
      ...(now === undefined ? [] : [{ field: wholeId(path), value: now }]),
      { field: wholeId(waitingPath(args.name)), value: text },
    ],
    text,
    waits: allowed.why,
    madeFrom: new Map([[waitingPath(args.name), path]]),
  };
}

function editedPart(input: ScriptInput): ScriptPart {
  const { view, args, wish, config, allowed, named } = input;
  const { path } = scriptOf(args);
  const document = view.documents.get(fileId(path)) as Document;
  const before = currentText(document) ?? "";
  if (before === "") throw noScript(path);
  const wishes = argumentWishes(path, args, wish, config.dialect);
  const cpus = (pcpus: readonly number[]): Wish => ({
    field: argumentId(path, "--cpu_affinity"),
    value: named(pcpus).join(","),
  });
  const text = [...wishes, cpus(wish.pcpus)].reduce((now, each) => put(document, now, each), before);
  const wrapped = (script: string) => wrappedScript({ name: args.name, realtime: true }, script);
  // a name that an image with RDT lacks must not be launched there, by nobody's hand (reference 3, 8b)
  const fatal = allowed.how === "no-such-vm" && allowed.rdt;
  const launcher = fatal ? [] : [{ field: wholeId(launcherOf(args)), value: wrapped(path) }];
  if (takes(allowed, wish.pcpus) !== false) return { wishes: [...wishes, cpus(wish.pcpus), ...launcher], text };
  const keep =
    allowed.how !== "pcpus" || listed(document, before, path).every((id) => named(allowed.pcpus).includes(id));
  return {
    wishes: [
      ...wishes,
      ...(keep || allowed.how !== "pcpus" ? [] : [cpus(allowed.pcpus)]),
      ...launcher,
      { field: wholeId(waitingEdit(args.name)), value: text },
      { field: wholeId(waitingPath(args.name)), value: wrapped(waitingEdit(args.name)) },
    ],
    text,
    waits: allowed.why,
    madeFrom: new Map([
      [waitingEdit(args.name), path],
      [waitingPath(args.name), launcherOf(args)],
    ]),
  };
}

/** Only what is declared, and what makes it a real-time VM: up to 2.7 `--lapic_pt` alone says so (reference 6.2). */
function argumentWishes(path: string, args: RtVmArgs, wish: RtVmWish, dialect: Dialect): Wish[] {
  const entry = (argument: string, value: FieldValue): Wish => ({ field: argumentId(path, argument), value });
  const loader = loaderOf(args);
  return [
    ...(dialect === "3.x" ? [entry("--rtvm", true)] : []),
    entry("--lapic_pt", true),
    ...(wish.memoryMb === undefined ? [] : [entry("-m", showMebibytes(wish.memoryMb))]),
    ...(wish.virtioPoll === undefined
      ? []
      : [entry("--virtio_poll", wish.virtioPoll === 0 ? null : `${wish.virtioPoll}`)]),
    ...(loader?.how === "ovmf"
      ? [entry("--ovmf", loader.vars ? `code=${loader.file},vars=${loader.vars},w` : loader.file)]
      : []),
    ...(loader?.how === "kernel"
      ? [
          entry("--ovmf", null),
          entry("-k", loader.image),
          entry("-B", loader.args),
          ...(loader.ramdisk === undefined ? [] : [entry("-r", loader.ramdisk)]),
        ]
      : []),
    ...wish.dmArgs.map((argument) => {
      const [option, ...rest] = argument.split("=");
      return entry(option as string, rest.length === 0 ? true : rest.join("="));
    }),
  ];
}

function put({ surface, path }: Document, text: string, { field, value }: Wish): string {
  const key = splitField(field)[1];
  return blaming(propertyOfArgument(/^arg\[(.*)\]$/.exec(key)?.[1] ?? key), () =>
    surface.write(text, path, key, value),
  );
}

/** The CPUs that the script names now; none where it names none. */
function listed({ surface }: Document, text: string, path: string): number[] {
  const reading = surface.read(text, path, splitField(argumentId(path, "--cpu_affinity"))[1]);
  return reading.kind === "value" ? String(reading.value).split(",").map(Number) : [];
}

function noScript(path: string): AcrnError {
  return new AcrnError("rtvm.no-script", `there is no launch script ${path} to edit`, {
    property: "script.edited",
    hint: 'Name the script that starts the VM, or let one be written: `script: { owned: "<path>" }`.',
  });
}
