import { AcrnError } from "../../errors";
import { type Snapshot, textOf } from "../../snapshot";
import { readManifest } from "./manifest";
import { bootedImage } from "./marker";
import { IMAGES } from "./paths";

/** An image of ours that was booted, with the scenario that it was built from: known where the staged copy is what the image's own record says. */
export type Booted =
  | { known: true; id: string; scenario: string; why: string }
  | { known: false; id: string; why: string };

/** Undefined: what was booted bears no mark of ours. */
export function bootedOwn(snapshot: Snapshot): Booted | undefined {
  const id = bootedImage(snapshot.texts.get("proc/cmdline") ?? "");
  if (id === undefined) return undefined;
  const marked = `image ${id} was booted (pulumi_acrn_image= of /proc/cmdline)`;
  const path = `${IMAGES}/${id}/scenario.xml`;
  const scenario = textOf(snapshot, path);
  const recorded = recordedHash(snapshot, id);
  if (scenario !== undefined && recorded !== undefined && recorded === snapshot.files.get(path)?.sha256)
    return { known: true, id, scenario, why: marked };
  return { known: false, id, why: `${marked}, and what it was built from is not kept as it was` };
}

function recordedHash(snapshot: Snapshot, id: string): string | undefined {
  const path = `${IMAGES}/${id}/image.json`;
  const text = textOf(snapshot, path);
  if (text === undefined) return undefined;
  try {
    const manifest = readManifest(text, path);
    return manifest.id === id ? manifest.files["scenario.xml"]?.sha256 : undefined;
  } catch (error) {
    if (error instanceof AcrnError) return undefined;
    throw error;
  }
}
