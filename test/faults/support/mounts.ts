import { spawnSync } from "node:child_process";

/** For `optional`: what a machine without the right to mount cannot show. */
export const NO_MOUNT = "mounting needs root and the right to mount";

let may: boolean | undefined;

/** Tried once, on a mount point that the test names: containers have root without the right. */
export function mayMount(at: string): boolean {
  may ??= process.getuid?.() === 0 && mount(["-t", "tmpfs", "none"], at) && unmount(at);
  return may;
}

/** Mounts at a folder or file, and unmounts when `use` is through. */
export async function mounted<T>(args: readonly string[], at: string, use: () => Promise<T>): Promise<T> {
  if (!mount(args, at)) throw new Error(`mount ${args.join(" ")} ${at} failed`);
  try {
    return await use();
  } finally {
    unmount(at);
  }
}

const mount = (args: readonly string[], at: string) => spawnSync("mount", [...args, at]).status === 0;

/** Lazily: what a killed script left may look at it for a moment. */
const unmount = (at: string) => spawnSync("umount", ["-l", at]).status === 0;
