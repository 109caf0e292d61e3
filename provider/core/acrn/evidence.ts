import { type FileState, type Snapshot, textOf } from "../snapshot";
import { type AgainstBoot, againstBoot } from "./boot-time";
import { bootedOwn, ownImage } from "./image/booted";
import { defaultImage } from "./image/default";
import { bootedImage } from "./image/marker";

/** What is known of the image that runs, and of the VMs. `known: false` carries the reason. */
export interface Evidence {
  built:
    | { known: true; scenario: string; why: string }
    /**
     * `next`: the scenario of an image that is installed and was not there at this boot: the next boot takes it. `id`: of an image of ours, of which the
     * packages' record tells nothing.
     */
    | { known: false; why: string; next?: string; id?: string };
  running: { known: true; vms: RunningVm[] } | { known: false; why: string };
  /** Where the record of what was built lies. @default RECORD_PATH */
  record?: string;
  /** Which image `built` is about, for people. @default the booted image */
  whose?: string;
}

export interface RunningVm {
  name: string;
  pid: number;
  args: string[];
}

export const RECORD_PATH = "/usr/share/acrn/scenario.xml";
export const BOARD_PATH = "/usr/share/acrn/board.xml";
const MD5SUMS = "/var/lib/dpkg/info/acrn-hypervisor.md5sums";

/** @param record where the record of what was built lies, when it is not the packaged place. */
export function evidenceOf(snapshot: Snapshot, record = RECORD_PATH): Evidence {
  return { built: builtFrom(snapshot, record), running: runningVms(snapshot), record };
}

/**
 * The same, but for the image that boots by default. Where one of ours is on trial, or was taken back and runs on, that is another than the one that was booted;
 * and whatever is written to stay has to fit what the next boot takes.
 */
export function evidenceOfDefault(evidence: Evidence, snapshot: Snapshot): Evidence {
  const id = defaultImage(snapshot);
  if (id === bootedImage(snapshot.texts.get("proc/cmdline") ?? "")) return evidence;
  if (id !== undefined)
    return {
      ...evidence,
      built: ownImage(snapshot, id, `image ${id} boots by default`),
      whose: `image ${id}, the default,`,
    };
  const path = evidence.record ?? RECORD_PATH;
  const built = packaged(snapshot, path);
  const next = textOf(snapshot, path);
  const whose = "the packaged image, the default,";
  // an image of ours runs, so of the packages' nothing but its record can tell
  return { ...evidence, built: built.known || next === undefined ? built : { ...built, next }, whose };
}

const NEWER = (path: string): string => `${path} may be newer than this boot`;

const UNTOLD: Record<Exclude<AgainstBoot, "before" | "since">, (path: string) => string> = {
  unknown: (path) => `${NEWER(path)}: the machine does not tell`,
  future: (path) =>
    `the time of ${path} lies in the future, so nobody can tell whether this boot took it: set the clock, \`touch\` the file and reboot`,
};

/**
 * An image of ours says itself what it is. The packaged record tells what runs only if it is unchanged since dpkg wrote it, the packaged image is the one in /boot,
 * and that one was there before this boot (acrn-reference 7b). Everything else is unknown.
 */
function builtFrom(snapshot: Snapshot, path: string): Evidence["built"] {
  if (snapshot.kind === "folder") return { known: false, why: "a folder does not run" };
  return bootedOwn(snapshot) ?? packaged(snapshot, path);
}

function packaged(snapshot: Snapshot, path: string): Evidence["built"] {
  const no = (why: string): Evidence["built"] => ({ known: false, why });
  const record = snapshot.files.get(path);
  const scenario = textOf(snapshot, path);
  if (!record?.realPath || scenario === undefined) return no(`there is no record of what was built at ${path}`);
  const images = [...snapshot.files.values()].filter((f) => isImage(f));
  if (images.length !== 1)
    return no(`${images.length} hypervisor images in /boot: which one was booted is not recorded`);
  const [image] = images as [FileState];
  const sums = packagedSums(snapshot);
  if (!sums) return no("dpkg has no list of the hypervisor package's files");
  const folder = record.realPath.slice(0, record.realPath.lastIndexOf("/"));
  if (sums.get(record.realPath) !== md5(snapshot, path))
    return no(`${record.realPath} is not as its package brought it`);
  const packaged = [...sums].find(([file]) => file.startsWith(`${folder}/`) && file.endsWith(".bin"));
  if (!packaged || packaged[1] !== md5(snapshot, image.path)) return no(`${image.path} is not the packaged image`);
  const written = againstBoot(snapshot, image);
  // a reboot that is no cure must never be planned: it would be planned again after it
  if (written === "since") return { known: false, why: NEWER(image.path), next: scenario };
  if (written !== "before") return no(UNTOLD[written](image.path));
  return {
    known: true,
    scenario,
    // `<board>/<scenario>`: the folder of the package (reference 1.1); a state holds this sentence
    why: `${image.path} is the packaged image of ${folder.split("/").slice(-2).join("/")}, installed before this boot`,
  };
}

function isImage(file: FileState): boolean {
  return file.kind === "file" && /^\/boot\/acrn[^/]*\.bin$/.test(file.path);
}

function md5(snapshot: Snapshot, path: string): string | undefined {
  return snapshot.texts.get(`md5:${path}`)?.trim();
}

function packagedSums(snapshot: Snapshot): Map<string, string> | undefined {
  const text = textOf(snapshot, MD5SUMS);
  if (text === undefined) return undefined;
  const rows = [...text.matchAll(/^([0-9a-f]{32})\s+\*?(.+)$/gm)];
  return new Map(rows.map((row) => [`/${row[2]}`, row[1] as string]));
}

/** `acrn-dm`: the pids; `proc/<pid>/cmdline`: its arguments, each ended by NUL. The VM's name is the last (acrn-reference 1.5). */
function runningVms(snapshot: Snapshot): Evidence["running"] {
  if (snapshot.kind === "folder") return { known: false, why: "a folder does not run" };
  const pids = snapshot.texts.get("acrn-dm");
  if (pids === undefined) return { known: false, why: "the processes of the machine could not be read" };
  const vms: RunningVm[] = [];
  for (const pid of pids.split(" ").filter((p) => /^\d+$/.test(p))) {
    const args = (snapshot.texts.get(`proc/${pid}/cmdline`) ?? "").replace(/\0$/, "").split("\0");
    const name = args.at(-1);
    if (args.length > 1 && name) vms.push({ name, pid: Number(pid), args });
  }
  return { known: true, vms };
}
