import type { FileState, Snapshot } from "../snapshot";

/**
 * Was a file written before this boot, or since? By the machine's own clock alone. `future`: its time has not come yet, so the clock was wrong
 * when it was written (or is now): it would look newer than every boot until then, however often the machine is booted.
 */
export type AgainstBoot = "before" | "since" | "future" | "unknown";

export function againstBoot({ texts }: Snapshot, file: FileState | undefined): AgainstBoot {
  // Linux moves btime when the clock is set, so it goes with the clock of now [proc(5), fs/proc/stat.c getboottime64]
  const boot = Number(/^btime (\d+)$/m.exec(texts.get("proc/stat") ?? "")?.[1]);
  const time = file?.mtime;
  if (!(boot > 0) || time === undefined) return "unknown";
  if (time < boot) return "before";
  const now = Number(/^\d+$/.exec(texts.get("date")?.trim() ?? "")?.[0]);
  // in the very second of the boot, or on a machine that does not tell its time
  if (time === boot || !(now > 0)) return "unknown";
  return time > now ? "future" : "since";
}
