import { autostartPath } from "../../core/acrn/autostart-path";
import { argumentId, fileId, wholeId } from "../../core/acrn/file-document";
import { mebibytes } from "../../core/acrn/rt-vm/memory";
import { affinityId, vmFieldId } from "../../core/acrn/scenario-surface";
import { currentText, type Documents, type FieldValue, splitField } from "../../core/claims/types";
import { rtVmSchema, scriptOf, waitingPath } from "./schema";

/** Arguments and outputs as the host has them: what differs is the drift that a refresh shows. */
export function observe(documents: Documents, state: Record<string, unknown>): Record<string, unknown> {
  const parsed = rtVmSchema.strip().safeParse(state);
  if (!parsed.success) return {};
  const args = parsed.data;
  const read = (field: string): FieldValue | undefined => readField(documents, field);
  const pcpus = read(affinityId(args.name)) as number[] | undefined;
  const { path, owned } = scriptOf(args);
  // where nothing that the booted image takes can be written, the script is the one that waits
  const waits = documents.get(fileId(waitingPath(args.name)))?.live !== undefined;
  const script = owned ? waits || read(wholeId(path)) !== undefined : documents.get(fileId(path))?.live !== undefined;
  const started = documents.get(fileId(autostartPath(args.name)))?.live !== undefined;
  return {
    ...(pcpus ? { pcpus } : {}),
    ...(args.memory === undefined ? {} : { memory: memoryOf(read, args.name, path, args.memory) }),
    ...(args.virtioPoll === undefined || owned
      ? {}
      : { virtioPoll: pollOf(read(argumentId(path, "--virtio_poll")), args.virtioPoll) }),
    ...(args.autostart === undefined ? {} : { autostart: started }),
    ...(script ? {} : { scriptPath: "(gone)" }),
  };
}

function memoryOf(read: (field: string) => FieldValue | undefined, vm: string, path: string, declared: string): string {
  const scenario = read(vmFieldId(vm, "memory"));
  const launched = read(argumentId(path, "-m"));
  const wanted = mebibytes(declared);
  if (typeof scenario === "number" && scenario !== wanted) return `${scenario}M`;
  return typeof launched === "string" && mebibytes(launched) !== wanted ? launched : declared;
}

function pollOf(live: FieldValue | undefined, declared: number): number {
  return typeof live === "string" && /^\d+$/.test(live) ? Number(live) : live === undefined ? 0 : declared;
}

function readField(documents: Documents, field: string): FieldValue | undefined {
  const [id, key] = splitField(field);
  const document = documents.get(id);
  const text = document && currentText(document);
  if (!document || text === undefined) return undefined;
  const reading = document.surface.read(text, document.path, key);
  return reading.kind === "value" ? reading.value : undefined;
}
