import type { Snapshot } from "../../snapshot";
import type { Evidence } from "../evidence";
import type { LaunchScript } from "../types";

/** Where launch scripts of one VM lie, and which of them counts (reference 7b). */
export interface Home {
  path: string;
  /** `autostart`: acrnd runs it at every start; `packaged`: dpkg's, never edited; `kept`: ours, for an image; `other`: wherever people keep them. */
  role: "canonical" | "autostart" | "packaged" | "kept" | "other";
}

const AUTOSTART = "/usr/share/acrn/conf/add/";
const PACKAGED = "/usr/share/acrn/launch-scripts/";
const KEPT = "/var/lib/pulumi-acrn/images/";

export function homesOf(vm: string, canonical: string, scripts: readonly LaunchScript[]): Home[] {
  const own = scripts.filter(
    (script) => script.vm === vm || script.path === canonical || script.path === `${AUTOSTART}${vm}.sh`,
  );
  return own.map(({ path }) => ({ path, role: roleOf(path, canonical) }));
}

export function roleOf(path: string, canonical?: string): Home["role"] {
  if (path === canonical) return "canonical";
  if (path.startsWith(AUTOSTART)) return "autostart";
  if (path.startsWith(PACKAGED)) return "packaged";
  return path.startsWith(KEPT) ? "kept" : "other";
}

/**
 * The script that the live acrn-dm came from: what started it says its own command line (`bash /root/acrn-work/launch.sh`). Undefined: nothing runs, or
 * what started it is gone or says no path of a script that the read found.
 */
export function liveScript(
  vm: string,
  { running }: Evidence,
  snapshot: Snapshot,
  homes: readonly Home[],
): string | undefined {
  if (!running.known) return undefined;
  const process = running.vms.find(({ name }) => name === vm);
  const words = process ? (snapshot.texts.get(`proc/${process.pid}/parent`) ?? "").split(" ") : [];
  return homes.map(({ path }) => path).find((path) => words.some((word) => named(word, path)));
}

/** As a whole, or by a relative path, of which only the end is known. */
function named(word: string, path: string): boolean {
  if (word === path) return true;
  return !word.startsWith("/") && /\.sh$/.test(word) && path.endsWith(`/${word.replace(/^(?:\.{1,2}\/)+/, "")}`);
}

/** Copies that would be launched instead of the canonical script: acrnd's, unless it is ours, and whatever the live acrn-dm came from. */
export function strangers(homes: readonly Home[], ours: ReadonlySet<string>, live: string | undefined): string[] {
  return homes.flatMap(({ path, role }) => {
    if (role === "canonical" || role === "kept" || ours.has(path)) return [];
    if (role === "autostart") return [`acrnd starts ${path} at every boot`];
    return path === live ? [`the running acrn-dm was started by ${path}`] : [];
  });
}
