import { autostartPath } from "../../core/acrn/autostart-path";
import { type Evidence, evidenceOfDefault } from "../../core/acrn/evidence";
import { fileId, pathOfFile } from "../../core/acrn/file-document";
import { unconfirmedImage } from "../../core/acrn/image/default";
import { IMAGES } from "../../core/acrn/image/paths";
import { readLaunchScript } from "../../core/acrn/launch-script";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import { vmOfField } from "../../core/acrn/scenario-surface";
import { currentText, type Document, splitField } from "../../core/claims/types";
import { textOf } from "../../core/snapshot";
import { waitingEdit, waitingPath } from "../../resources/rt-vm/schema";
import type { Draft } from "../draft";

export interface ScriptsOfVm {
  /** What starts it: an owned script, or our wrapper around one that is edited. */
  launcher?: string;
  /** The canonical script: the owned one, or the one that is edited. */
  script?: string;
  /** What its script asks for, where it says so literally and the board tells the numbers. */
  pcpus?: number[];
  /** What waits for the image that the next boot takes, or that is on trial, and the pCPUs that it asks for. */
  waiting?: Asking;
  /** What was kept beside the image that this run boots, when another one became the default. */
  kept?: Asking;
  autostart: boolean;
  /** acrnd's entry where it is not ours, with the pCPUs that it asks for. */
  entry?: { path: string; pcpus?: number[] };
}

export interface Asking {
  path: string;
  pcpus: number[];
}

/** How a VM is started, by the claims of the RtVm that is for it. */
export function scriptsOf(draft: Draft, vm: string): ScriptsOfVm {
  const entry = autostartPath(vm);
  const live = draft.documents.get(fileId(entry))?.live !== undefined;
  const autostart = live || draft.snapshot.files.get(entry)?.kind === "file";
  const files = claimedFor(draft, vm);
  const foreign = autostart && !files.some(({ path }) => path === entry);
  const launcher = files.find(({ path, key }) => key === "whole" && isLauncher(path))?.path;
  const script = files.find(({ key }) => key.startsWith("arg["))?.path ?? launcher;
  const pcpus = script === undefined ? undefined : pcpusOf(draft, script);
  const waiting = waitingOf(draft, vm, files);
  const kept = launcher === undefined ? undefined : keptOf(draft, vm);
  return {
    autostart,
    ...(foreign ? { entry: { path: entry, ...named(pcpusOf(draft, entry)) } } : {}),
    ...(launcher === undefined ? {} : { launcher }),
    ...(script === undefined ? {} : { script }),
    ...(pcpus ? { pcpus } : {}),
    ...(waiting ? { waiting } : {}),
    ...(kept ? { kept } : {}),
  };
}

const named = (pcpus: number[] | undefined) => (pcpus ? { pcpus } : {});

/** What the image that the next boot takes was made from: one of ours that this run boots, else the default, which one on trial is not. */
export function evidenceAfter({ comes, evidence, snapshot }: Draft): Evidence {
  if (!comes) return evidenceOfDefault(evidence, snapshot);
  const why = `image ${comes.id}`;
  return { ...evidence, built: { known: true, scenario: comes.scenario, why }, whose: why };
}

/** Only where an image is installed that was not there at this boot, comes with the next one, or is on trial. */
function waitingOf(draft: Draft, vm: string, files: readonly { path: string }[]): ScriptsOfVm["waiting"] {
  const { built } = draft.evidence;
  const path = waitingPath(vm);
  const trial = unconfirmedImage(draft.snapshot) !== undefined;
  const next = draft.comes !== undefined || trial || (!built.known && built.next !== undefined);
  if (!next || !files.some((file) => file.path === path)) return undefined;
  const edit = waitingEdit(vm);
  const pcpus = pcpusOf(draft, files.some((file) => file.path === edit) ? edit : path);
  return pcpus && { path, pcpus };
}

function keptOf({ comes, ...draft }: Draft, vm: string): ScriptsOfVm["kept"] {
  if (!comes) return undefined;
  const [path, edit] = [`${IMAGES}/${comes.id}/${vm}.sh`, `${IMAGES}/${comes.id}/${vm}.edited.sh`];
  const there = (file: string) => draft.snapshot.files.get(file)?.kind === "file";
  const pcpus = there(path) ? pcpusOf(draft, there(edit) ? edit : path) : undefined;
  return pcpus && { path, pcpus };
}

/** Neither acrnd's entry nor what is kept for an image. */
function isLauncher(path: string): boolean {
  const others = ["/usr/share/acrn/conf/add/", "/var/lib/pulumi-acrn/images/"];
  return path.endsWith(".sh") && !others.some((folder) => path.startsWith(folder));
}

/** The files of their own that the VM's RtVm holds. */
function claimedFor({ ledger }: Draft, vm: string): { path: string; key: string }[] {
  const fields = Object.entries(ledger.fields);
  const holders = fields.flatMap(([field, { claims }]) => (vmOfField(field)?.vm === vm ? Object.keys(claims) : []));
  const owners = holders.filter((id) => ledger.owners[id]?.kind === "RtVm");
  return fields.flatMap(([field, { claims }]) => {
    const [id, key] = splitField(field);
    const path = pathOfFile(id);
    return path !== undefined && owners.some((owner) => Object.hasOwn(claims, owner)) ? [{ path, key }] : [];
  });
}

function pcpusOf(draft: Draft, path: string): number[] | undefined {
  const document = draft.documents.get(fileId(path));
  const text = document ? currentText(document) : textOf(draft.snapshot, path);
  const { cpus } = text === undefined ? { cpus: undefined } : readLaunchScript(path, text);
  if (!cpus) return undefined;
  const source = scenarioFile(draft.documents.get("scenario") as Document);
  if (source.text !== undefined && readScenario(source.text, source.file).dialect === "2.x") return cpus;
  const known = draft.topology().pcpus;
  const ids = cpus.flatMap((apic) => known.find((each) => each.apicId === apic)?.id ?? []);
  return ids.length === cpus.length ? ids.sort((a, b) => a - b) : undefined;
}
