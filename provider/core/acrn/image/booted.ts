import { type Snapshot, textOf } from "../../snapshot";
import { bootedImage } from "./marker";
import { IMAGES } from "./paths";
import { recordOf, TRUSTED } from "./trusted";

/** An image of ours, with the scenario that it was built from: known where the staged copy is what the image's own record says. */
export type OwnImage =
  | { known: true; id: string; scenario: string; why: string }
  | { known: false; id: string; why: string };

/** The one that was booted. Undefined: what was booted bears no mark of ours. */
export function bootedOwn(snapshot: Snapshot): OwnImage | undefined {
  const id = bootedImage(snapshot.texts.get("proc/cmdline") ?? "");
  if (id === undefined) return undefined;
  return ownImage(snapshot, id, `image ${id} was booted (pulumi_acrn_image= of /proc/cmdline)`);
}

/** @param why why it is asked for, for people */
export function ownImage(snapshot: Snapshot, id: string, why: string): OwnImage {
  const path = `${IMAGES}/${id}/scenario.xml`;
  const scenario = textOf(snapshot, path);
  const record = recordOf(snapshot, id);
  const recorded = record?.files["scenario.xml"]?.sha256;
  if (scenario !== undefined && recorded !== undefined && recorded === snapshot.files.get(path)?.sha256)
    return { known: true, id, scenario, why: record?.unverified ? `${why}; ${TRUSTED}` : why };
  return { known: false, id, why: `${why}, and what it was built from is not kept as it was` };
}
