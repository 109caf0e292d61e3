import type { WriteStrategy } from "../core/snapshot";
import { isMangled } from "./ways";

/** One line of /proc/self/mountinfo, proc_pid_mountinfo(5). */
export interface Mount {
  point: string;
  type: string;
  readOnly: boolean;
}

export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    const fields = line.split(" ");
    const dash = fields.indexOf("-", 6);
    const [point, options, type, superOptions] = [fields[4], fields[5], fields[dash + 1], fields[dash + 3]];
    if (dash < 0 || !point?.startsWith("/") || !options || !type) continue;
    const readOnly = [options, superOptions ?? ""].some((list) => list.split(",").includes("ro"));
    mounts.push({ point: plain(point), type, readOnly });
  }
  return mounts;
}

/** The kernel writes blanks, tabs, line breaks and backslashes as three octal digits. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** What decides how a path may be written. `real` is its place in our own mount namespace: the root in front. */
export interface StrategyFacts {
  path: string;
  real: string;
  mounts: readonly Mount[];
  kind: "file" | "absent" | "unreadable" | "other";
  links: number;
  /** Why root must not follow the way there (ways.ts). */
  distrust?: string | undefined;
  immutable?: boolean;
  /** A machine of its own: not a folder, and no prefix on its paths. */
  machine: boolean;
  ostree: boolean;
}

/** As the kernel names them; the last two are drivers in user space, fuse(8). */
const FAT = new Set(["vfat", "msdos", "exfat", "fuseblk", "fuse.fusefat", "fuse.exfat"]);

/** How the transaction may write a path. */
export function strategyOf(facts: StrategyFacts): WriteStrategy {
  const { path, real, mounts, kind, links, machine, ostree, distrust, immutable } = facts;
  if (isMangled(path) || isMangled(real)) return refused("its name is not UTF-8");
  if (kind === "other") return refused("it is not a regular file");
  if (kind === "unreadable") return refused("it cannot be read");
  const mount = mountOf(real, mounts);
  if (ostree && /^\/(usr|boot)\//.test(path))
    return refused("this machine is deployed by ostree, which owns /usr and /boot");
  if (mount?.readOnly) return refused(`the file system at ${mount.point} is mounted read-only`);
  if (immutable) return refused("it is immutable or append-only: see lsattr(1), chattr(1)");
  if (distrust) return refused(distrust);
  // In a container or a lab an overlay is all there is; on a machine its upper layer is thrown away with the next boot.
  if (mount?.type === "overlay" && machine)
    return refused(`${mount.point} is an overlay: changes may not outlive a reboot`);
  if (mount?.point === real) return inPlace("it is a mount point of its own (bind mount)");
  if (mount && FAT.has(mount.type)) return inPlace(`the file system at ${mount.point} is ${mount.type}`);
  if (links > 1) return inPlace(`it has ${links} hard links`);
  return { how: "rename" };
}

const refused = (why: string): WriteStrategy => ({ how: "refused", why });
const inPlace = (why: string): WriteStrategy => ({ how: "in-place", why });

/** The mount that a place is on: the longest mount point that leads to it; of equal ones the last, which covers the others. */
export function mountOf(real: string, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const inside = mount.point === "/" || real === mount.point || real.startsWith(`${mount.point}/`);
    if (inside && (!best || mount.point.length >= best.point.length)) best = mount;
  }
  return best;
}
