import { z } from "zod";
import { autostartArgs, autostartPath } from "../../core/acrn/autostart-path";
import { argumentId, pathOfFile, wholeId } from "../../core/acrn/file-document";
import { autostartScript } from "../../core/acrn/launch/autostart";
import { wrappedScript } from "../../core/acrn/launch/wrapped-script";
import { launchSurface } from "../../core/acrn/launch-script/surface";
import { allowedByDefault, takes } from "../../core/acrn/rt-vm/allowed";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import { type Document, type FieldValue, splitField } from "../../core/claims/types";
import type { Declared, ResourceKind, View } from "../kind";
import { rtVmKind } from "../rt-vm";
import { ownLauncher, waitingEdit, waitingPath } from "./schema";

type Claims = ReadonlyMap<string, FieldValue>;

/**
 * An RtVm by its claims alone, for whoever has no program at hand: it wishes what it has, and what waited for the image that runs by now goes to its
 * place. The same as the RtVm itself would declare (rt-vm/script-wishes.ts), as far as claims tell; the rest is left to the next up.
 */
export const claimedRtVm: ResourceKind<{ name: string }> = {
  ...(rtVmKind as unknown as ResourceKind<{ name: string }>),
  schema: z.strictObject({ name: z.string() }),
  files: ({ name }) => [
    ownLauncher(name),
    waitingPath(name),
    waitingEdit(name),
    autostartPath(name),
    autostartArgs(name),
  ],
  alone: () => [],
  declare,
};

function declare(view: View, { name }: { name: string }): Declared {
  const claims = settled(view, name) ?? view.former;
  const wishes = [...claims].map(([field, value]) => ({ field, value }));
  return { wishes, outputs: {}, warnings: [], refusals: [], reasons: [] };
}

/** Undefined: nothing waits, the image that runs does not take it, or its place is not known. */
function settled(view: View, vm: string): Claims | undefined {
  const { former } = view;
  const edited = former.get(wholeId(waitingEdit(vm)));
  const waiting = edited ?? former.get(wholeId(waitingPath(vm)));
  if (typeof waiting !== "string") return undefined;
  const at = placeOf(former, edited === undefined);
  const asked = at === undefined ? undefined : cpusOf(view, waiting, at);
  if (at === undefined || asked === undefined) return undefined;
  if (takes(allowedByDefault(vm, view.evidence, view.snapshot), asked.pcpus) === false) return undefined;
  const claims = new Map(former);
  for (const path of [waitingEdit(vm), waitingPath(vm)]) claims.delete(wholeId(path));
  if (edited === undefined) claims.set(wholeId(at), waiting);
  else {
    claims.set(argumentId(at, "--cpu_affinity"), asked.value);
    claims.set(wholeId(ownLauncher(vm)), wrappedScript({ name: vm, realtime: true }, at));
  }
  const entry = wholeId(autostartPath(vm));
  const starts = edited === undefined ? { canonical: at } : { canonical: ownLauncher(vm), edited: at };
  if (typeof claims.get(entry) === "string") claims.set(entry, autostartScript({ vm, ...starts }));
  return claims;
}

const OURS = ["/usr/share/acrn/conf/add/", "/var/lib/pulumi-acrn/images/"];

/** The canonical script: the owned one, or the one whose arguments are edited. */
function placeOf(claims: Claims, owned: boolean): string | undefined {
  const paths = [...claims.keys()].flatMap((field) => {
    const [id, key] = splitField(field);
    const path = pathOfFile(id);
    const fits = owned ? key === "whole" : key.startsWith("arg[");
    return path !== undefined && fits && !OURS.some((folder) => path.startsWith(folder)) ? [path] : [];
  });
  const [path, ...more] = new Set(paths);
  return more.length === 0 ? path : undefined;
}

/** The CPUs that a script asks for, as it names them and as pCPUs; undefined where it or the board does not tell. */
function cpusOf(view: View, script: string, file: string): { value: string; pcpus: number[] } | undefined {
  const reading = launchSurface.read(script, file, splitField(argumentId(file, "--cpu_affinity"))[1]);
  if (reading.kind !== "value" || typeof reading.value !== "string") return undefined;
  const ids = reading.value.split(",").map(Number);
  const source = scenarioFile(view.documents.get("scenario") as Document);
  if (source.text !== undefined && readScenario(source.text, source.file).dialect === "2.x")
    return { value: reading.value, pcpus: ids };
  const { pcpus: known } = view.topology();
  const pcpus = ids.flatMap((apic) => known.find(({ apicId }) => apicId === apic)?.id ?? []);
  return pcpus.length === ids.length ? { value: reading.value, pcpus } : undefined;
}
