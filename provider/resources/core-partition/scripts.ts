import { pathOfFile } from "../../core/acrn/file-document";
import { readLaunchScript } from "../../core/acrn/launch-script";
import type { LaunchScript } from "../../core/acrn/types";
import { splitField } from "../../core/claims/types";
import { type Snapshot, textOf } from "../../core/snapshot";
import type { View } from "../kind";

/** Read once a snapshot, which never changes: each RtVm of a host asks for all of them. */
const known = new WeakMap<Snapshot, readonly LaunchScript[]>();

/** Every launch script that the read found, wherever it lies; files that start no acrn-dm are none. */
export function launchScripts(snapshot: Snapshot): readonly LaunchScript[] {
  const scripts = known.get(snapshot) ?? scriptsIn(snapshot);
  known.set(snapshot, scripts);
  return scripts;
}

function scriptsIn(snapshot: Snapshot): LaunchScript[] {
  return [...snapshot.files.keys()]
    .filter((path) => path.endsWith(".sh"))
    .sort()
    .flatMap((path) => {
      const text = textOf(snapshot, path);
      return text?.includes("acrn-dm") ? [readLaunchScript(path, text)] : [];
    });
}

/** VMs whose launch script an RtVm has claimed: it follows their pCPUs by itself, when their image is there. */
export function managedVms(view: View, scripts: readonly LaunchScript[]): Set<string> {
  const claimed = new Set([...view.claimed].flatMap((field) => pathOfFile(splitField(field)[0]) ?? []));
  return new Set(scripts.flatMap(({ path, vm }) => (vm !== undefined && claimed.has(path) ? [vm] : [])));
}
