import { type Snapshot, textOf } from "../snapshot";
import type { KernelEvidence } from "./loader/types";

/** Where a machine's boot configuration may lie; nothing else of the read has to do with what it boots. */
const BOOT = /^\/(?:boot|efi)\/|^\/etc\/default\/grub|^\/etc\/kernel\/|^\/usr\/sbin\/grub2?-mkconfig$/;

/** Of a read: what its boot loader is told by. @param volatileNvram see {@link KernelEvidence} */
export function kernelEvidence(snapshot: Snapshot, volatileNvram: boolean): KernelEvidence {
  const { texts, commands } = snapshot;
  const files = new Map(
    [...snapshot.files.keys()]
      .filter((path) => BOOT.test(path))
      .flatMap((path) => {
        const text = textOf(snapshot, path);
        return text === undefined ? [] : [[path, text] as const];
      }),
  );
  const running = texts.get("proc/cmdline")?.replace(/\n$/, "");
  const efi = texts.get("sys/firmware/efi");
  const bootFs = grubFs(texts.get("grub-probe"));
  const loaderInfo = texts.get("efi/LoaderInfo")?.trim();
  const loaderEntry = texts.get("efi/LoaderEntrySelected")?.trim();
  return {
    files,
    commands: snapshot.kind === "folder" ? commandsIn(snapshot) : commands,
    ostree: texts.get("run/ostree-booted") === "present",
    volatileNvram,
    ...(running === undefined ? {} : { running }),
    ...(efi === undefined ? {} : { efi: efi.trim() === "present" }),
    ...(bootFs === undefined ? {} : { bootFs }),
    ...(loaderInfo ? { loaderInfo } : {}),
    ...(loaderEntry ? { loaderEntry } : {}),
  };
}

/** What `grub-probe` says of grubenv, a word a line: `fs ext2`, `abstraction lvm`. GRUB calls ext2 to ext4 by one name. */
function grubFs(text: string | undefined): { type: string; below: string } | undefined {
  const words = (text ?? "").split("\n").map((line) => line.split(" "));
  const of = (name: string) => words.flatMap(([word, value]) => (word === name && value ? [value] : []));
  const [type] = of("fs");
  return type === undefined ? undefined : { type: type === "fat" ? "vfat" : type, below: of("abstraction").join(" ") };
}

/** In a folder nothing can be run; which of GRUB's tools the image has its files tell. */
function commandsIn({ files }: Snapshot): Set<string> {
  const has = (name: string) =>
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].some((folder) => files.get(`${folder}/${name}`)?.kind === "file");
  return new Set(["grub-mkconfig", "grub2-mkconfig", "update-grub"].filter(has));
}
