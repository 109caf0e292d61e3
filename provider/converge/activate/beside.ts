import { fileId } from "../../core/acrn/file-document";
import { isDefault } from "../../core/acrn/image/default";
import { bootedImage } from "../../core/acrn/image/marker";
import { IMAGES } from "../../core/acrn/image/paths";
import { wrappedScript } from "../../core/acrn/launch/wrapped-script";
import type { BesideImage, PowerImage, PowerVm } from "../../core/acrn/power/steps";
import { allowedByDefault, takes } from "../../core/acrn/rt-vm/allowed";
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

/** What starts it today: the canonical script, or the copy that stands there already where the default would refuse that one. */
function going(draft: Draft, { name }: PowerVm, id: string): Named {
  if (!fitsDefault(draft, name)) return stands(draft, name, id);
  const { launcher, script } = scriptsOf(draft, name);
  if (launcher === undefined || script === undefined) return [];
  if (script === launcher) return named(`${name}.sh`, textAt(draft, launcher));
  const edit = named(`${name}.edited.sh`, textAt(draft, script));
  const wrapper = wrappedScript({ name, realtime: true }, `${IMAGES}/${id}/${name}.edited.sh`);
  return edit.length === 0 ? [] : [[`${name}.sh`, wrapper], ...edit];
}

/** Does the image that boots by default surely start it by its canonical script? */
export function fitsDefault(draft: Draft, vm: string): boolean {
  const { launcher, pcpus } = scriptsOf(draft, vm);
  if (launcher === undefined || pcpus === undefined) return false;
  return takes(allowedByDefault(vm, draft.evidence, draft.snapshot), pcpus) === true;
}

/** The launch scripts that stand beside an image, with the VM that each is for. */
export function scriptsBeside({ snapshot }: Draft, id: string): { name: string; vm: string }[] {
  const folder = `${IMAGES}/${id}/`;
  return [...snapshot.files.values()].flatMap(({ path, kind }) => {
    const name = kind === "file" && path.startsWith(folder) ? path.slice(folder.length) : "";
    const vm = /^([^/.]+)(\.edited)?\.sh$/.exec(name)?.[1];
    return vm === undefined ? [] : [{ name, vm }];
  });
}

function stands(draft: Draft, vm: string, id: string): Named {
  const own = scriptsBeside(draft, id).filter((each) => each.vm === vm);
  const { launcher, pcpus } = scriptsOf(draft, vm);
  const time = (path: string) => draft.snapshot.files.get(path)?.mtime ?? 0;
  const later = launcher !== undefined && time(launcher) > time(`${IMAGES}/${id}/${vm}.sh`);
  // what the canonical one asks for nobody can tell, and acrnd's entry goes by the time: written anew, an older copy would take its place
  if (pcpus === undefined && later) return [];
  return own.flatMap(({ name }) => named(name, textAt(draft, `${IMAGES}/${id}/${name}`)));
}

const named = (name: string, text: string | undefined): Named => (text === undefined ? [] : [[name, text]]);

function textAt({ documents, snapshot }: Draft, path: string): string | undefined {
  const document = documents.get(fileId(path));
  return document ? currentText(document) : textOf(snapshot, path);
}
