import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyInto } from "./copy-into";
import type { Undo } from "./files";
import { tool, Unavailable } from "./unavailable";

/** A folder of a host's tree on a file system of its own. All of it needs root and the right to mount: else `Unavailable`. */
export interface Disk {
  /** Writes until nothing more goes in; `free` takes that away again. */
  fill(): void;
  free(): void;
  readOnly(): void;
  writable(): void;
  /** Takes the file system away; what stands on it goes back into the folder. */
  unmount(): void;
}

/** A small disk under a folder, with what was in it. Sizes are rounded up to pages. */
export function smallDisk(dir: string, path: string, bytes: number): Disk {
  const folder = join(dir, path);
  mounted(folder, () => tool("mount", "-t", "tmpfs", "-o", `size=${bytes},mode=755`, "lab", folder));
  return diskOn(folder);
}

/** A FAT file system under a folder: the kernel's vfat, else fusefat(1) over FUSE. */
export function fatDisk(dir: string, path: string): Disk {
  const folder = join(dir, path);
  const state = mkdtempSync(join(tmpdir(), "acrn-fat-"));
  const image = join(state, "image");
  try {
    writeFileSync(image, "");
    tool("truncate", "-s", "8M", image);
    tool("mkfs.vfat", image);
    mounted(folder, () => mountFat(image, folder));
  } catch (error) {
    rmSync(state, { recursive: true, force: true });
    throw error;
  }
  const disk = diskOn(folder);
  const unmount = () => {
    disk.unmount();
    rmSync(state, { recursive: true, force: true });
  };
  return { ...disk, unmount };
}

/** A file or folder of the tree, mounted upon itself, as containers and image builders do. */
export function bindMounted(dir: string, path: string): Undo {
  const place = join(dir, path);
  tool("mount", "--bind", place, place);
  return () => tool("umount", place);
}

/** The same, read-only: a file or folder that may not be written, with the rest of the disk writable. */
export function readOnlyMount(dir: string, path: string): Undo {
  const undo = bindMounted(dir, path);
  try {
    tool("mount", "-o", "remount,bind,ro", join(dir, path));
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}

function mountFat(image: string, folder: string): void {
  try {
    tool("mount", "-t", "vfat", "-o", "loop", image, folder);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    tool("fusefat", "-o", "rw+,nonempty,allow_other", image, folder);
    // its exit status says nothing of the mount
    if (!readFileSync("/proc/self/mounts", "utf8").includes(` ${folder} `))
      throw new Unavailable("fusefat did not mount");
  }
}

/** Mounts over a folder and moves its files onto the new file system. FAT has no owners, links and modes: what it cannot keep, it loses. */
function mounted(folder: string, mount: () => void): void {
  mkdirSync(folder, { recursive: true });
  const kept = mkdtempSync(join(tmpdir(), "acrn-disk-"));
  let there = false;
  try {
    copyInto(folder, kept);
    mount();
    there = true;
    copyInto(kept, folder);
  } catch (error) {
    if (there) tool("umount", folder);
    throw error;
  } finally {
    rmSync(kept, { recursive: true, force: true });
  }
}

function diskOn(folder: string): Disk {
  const filler = join(folder, ".filler");
  const remount = (how: string) => tool("mount", "-o", `remount,${how}`, folder);
  return {
    fill() {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail) * bsize));
    },
    free: () => rmSync(filler, { force: true }),
    readOnly: () => remount("ro"),
    writable: () => remount("rw"),
    unmount() {
      rmSync(filler, { force: true });
      const kept = mkdtempSync(join(tmpdir(), "acrn-disk-"));
      copyInto(folder, kept);
      tool("umount", folder);
      copyInto(kept, folder);
      rmSync(kept, { recursive: true, force: true });
    },
  };
}
