import type { HostFiles } from "../host-files";

/** A file of a tree that is being made. */
export function put(files: HostFiles, path: string, content: string, mode?: number): void {
  files.set(path, mode === undefined ? { kind: "file", content } : { kind: "file", content, mode });
}

export function link(files: HostFiles, path: string, target: string): void {
  files.set(path, { kind: "link", target });
}

/** Programs of a machine: the lab's stubs lead PATH, these only say that they are installed. */
export function programs(files: HostFiles, ...paths: string[]): void {
  for (const path of paths) put(files, path, "the lab's stub leads PATH\n", 0o755);
}
