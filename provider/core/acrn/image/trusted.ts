import { AcrnError } from "../../errors";
import { type Snapshot, textOf } from "../../snapshot";
import { type ImageManifest, readManifest } from "./manifest";
import { IMAGES } from "./paths";

/** In each sentence that counts on what such an image was built from. */
export const TRUSTED = "what it was built from is trusted, not proved (trustUnverified)";

/** Whether an image that is there did not say what it was built from. */
export function isTrusted(snapshot: Snapshot, id: string): boolean {
  return recordOf(snapshot, id)?.unverified === true;
}

/** The record beside a staged image; undefined where there is none, or not as we wrote it. */
export function recordOf(snapshot: Snapshot, id: string): ImageManifest | undefined {
  const path = `${IMAGES}/${id}/image.json`;
  const text = textOf(snapshot, path);
  if (text === undefined) return undefined;
  try {
    const manifest = readManifest(text, path);
    return manifest.id === id ? manifest : undefined;
  } catch (error) {
    if (error instanceof AcrnError) return undefined;
    throw error;
  }
}
