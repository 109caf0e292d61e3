import { fileId } from "../../core/acrn/file-document";
import { isDefault } from "../../core/acrn/image/default";
import { bootedImage } from "../../core/acrn/image/marker";
import { IMAGES } from "../../core/acrn/image/paths";
import { wrappedScript } from "../../core/acrn/launch/wrapped-script";
import type { BesideImage, PowerImage, PowerVm } from "../../core/acrn/power/steps";
import { allowedBy, takes } from "../../core/acrn/rt-vm/allowed";
import { currentText } from "../../core/claims/types";
import { textOf } from "../../core/snapshot";
import type { Draft } from "../draft";
import { scriptsOf } from "./scripts";

/**
 * What stands beside images while another one is the default: beside the one that comes what starts VMs on it, for acrnd starts them before anybody has
 * confirmed anything; beside the default that runs what starts them today, for whoever goes back to it.
 * @param draft in front of the boot
 */
export function besideImages(draft: Draft, vms: readonly PowerVm[], { id }: PowerImage): BesideImage[] {
  const runs = bootedImage(draft.snapshot.texts.get("proc/cmdline") ?? "");
  const goes = runs !== undefined && runs !== id && isDefault(draft.snapshot, runs);
  return [
    { image: id, scripts: new Map(vms.flatMap((vm) => coming(draft, vm, id))) },
    ...(goes ? [{ image: runs, scripts: new Map(vms.flatMap((vm) => going(draft, vm, runs))) }] : []),
  ];
}

type Named = [name: string, text: string][];

/** Only of VMs that this image starts otherwise: any other copy would hide the canonical script from acrnd's entry. */
function coming(draft: Draft, { name, launcherAfter }: PowerVm, id: string): Named {
  if (launcherAfter === undefined) return [];
  const kept = launcherAfter.startsWith(`${IMAGES}/${id}/`);
  // what a wrapper starts stays where the wrapper says: what waits in its own folder, what was kept beside it
  const edit = kept ? textAt(draft, `${IMAGES}/${id}/${name}.edited.sh`) : undefined;
  return [...named(`${name}.sh`, textAt(draft, launcherAfter)), ...named(`${name}.edited.sh`, edit)];
}

function going(draft: Draft, { name }: PowerVm, id: string): Named {
  const { launcher, script, pcpus } = scriptsOf(draft, name);
  if (launcher === undefined || script === undefined || pcpus === undefined) return [];
  if (takes(allowedBy(name, draft.evidence, draft.snapshot), pcpus) !== true) return [];
  if (script === launcher) return named(`${name}.sh`, textAt(draft, launcher));
  const edit = named(`${name}.edited.sh`, textAt(draft, script));
  const wrapper = wrappedScript({ name, realtime: true }, `${IMAGES}/${id}/${name}.edited.sh`);
  return edit.length === 0 ? [] : [[`${name}.sh`, wrapper], ...edit];
}

const named = (name: string, text: string | undefined): Named => (text === undefined ? [] : [[name, text]]);

function textAt({ documents, snapshot }: Draft, path: string): string | undefined {
  const document = documents.get(fileId(path));
  return document ? currentText(document) : textOf(snapshot, path);
}
