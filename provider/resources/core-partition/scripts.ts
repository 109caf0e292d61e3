import { readLaunchScript } from "../../core/acrn/launch-script";
import type { LaunchScript } from "../../core/acrn/types";
import { type Snapshot, textOf } from "../../core/snapshot";

/** Every launch script that the read found, wherever it lies; files that start no acrn-dm are none. */
export function launchScripts(snapshot: Snapshot): LaunchScript[] {
  return [...snapshot.files.keys()]
    .filter((path) => path.endsWith(".sh"))
    .sort()
    .flatMap((path) => {
      const text = textOf(snapshot, path);
      return text?.includes("acrn-dm") ? [readLaunchScript(path, text)] : [];
    });
}
