import { getParam } from "../cmdline";
import { environmentOf } from "../grub/entry";
import { blsPlace, blsValues } from "../places/bls";
import { lineIn } from "../places/line-surface";
import { grubOneShot } from "./one-shot";
import type { Finding, KernelEvidence, LineSource, NoPlace } from "./types";

const ENTRY = /^(.*)\/loader\/entries\/([^/]+)\.conf$/;
/** systemd's boot counting: `name+3.conf`, `name+2-1.conf` [Boot Loader Specification, "Boot counting"]. */
const TRIES = /\+\d+(?:-\d+)?$/;

/** One entry file. */
export interface BlsEntry {
  file: string;
  /** Its name without `.conf` and tries. */
  id: string;
  linux: string;
  text: string;
}

/** Entries of Linux, in the order of their names. */
export function blsEntries({ files }: KernelEvidence, root?: string): BlsEntry[] {
  return [...files]
    .flatMap(([file, text]) => {
      const [, folder, name] = ENTRY.exec(file) ?? [];
      const [linux] = blsValues(text, "linux");
      if (name === undefined || linux === undefined || (root !== undefined && folder !== root)) return [];
      return [{ file, id: name.replace(TRIES, ""), linux, text }];
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** A machine whose grub.cfg calls `blscfg`: entries are read while it boots, and `/etc/default/grub` is only for kernels to come. */
export function grubBlsPlace(evidence: KernelEvidence, generated: string): Finding {
  const grubenv = `${generated.slice(0, generated.lastIndexOf("/"))}/grubenv`;
  const environment = environmentOf(evidence.files.get(grubenv) ?? evidence.files.get("/boot/grub2/grubenv"));
  const entry = bootedEntry(blsEntries(evidence, "/boot"), evidence, environment.get("saved_entry"));
  if ("known" in entry) return entry;
  const text = evidence.files.get(generated) as string;
  const opened = refusedIn(entry, "grub");
  if (opened) return opened;
  return {
    known: true,
    loader: "grub-bls",
    place: "bls-grub",
    file: entry.file,
    menu: generated,
    oneShot: grubOneShot(evidence, grubenv, {
      nextEntry: /\bnext_entry\b/.test(text),
      custom: text.includes("custom.cfg"),
    }),
    others: variablesIn(entry, environment),
    later: ["/etc/kernel/cmdline", "/etc/default/grub"].filter((path) => evidence.files.has(path)),
    notes: [
      "kernels that are installed later get their line elsewhere: the next up finds and mends that",
      ...(evidence.commands.has("grub2-mkconfig")
        ? ["`grub2-mkconfig --update-bls-cmdline` overwrites the entries' options with GRUB_CMDLINE_LINUX"]
        : []),
    ],
  };
}

/** By `saved_entry`, by the kernel that runs, or because there is but one. */
function bootedEntry(
  entries: readonly BlsEntry[],
  { running }: KernelEvidence,
  saved: string | undefined,
): BlsEntry | NoPlace {
  const named = entries.filter(
    ({ id, file }) => saved !== undefined && (id === saved || file.endsWith(`/${saved}.conf`)),
  );
  const usual = entries.filter(({ id }) => !/rescue/.test(id));
  const image = String(running === undefined ? "" : (getParam(running, "BOOT_IMAGE") ?? "")).replace(/^\([^)]*\)/, "");
  const runs = usual.filter(({ linux }) => image !== "" && (image === linux || image === `/boot${linux}`));
  for (const found of [named, usual, runs]) if (found.length === 1) return found[0] as BlsEntry;
  const none = entries.length === 0;
  return {
    known: false,
    code: none ? "unread" : "ambiguous",
    why: none
      ? "grub.cfg calls blscfg, and there is no entry in /boot/loader/entries"
      : `of ${usual.length} entries in /boot/loader/entries nothing tells which one boots: saved_entry names none of them`,
    hint: none ? "Install a kernel, so that its entry is made." : "Choose one: `grubby --set-default <kernel>`.",
  };
}

/** What variables of the environment block put on the line. */
function variablesIn({ text, file }: BlsEntry, environment: ReadonlyMap<string, string>): LineSource[] {
  const line = lineIn(blsPlace("grub"), text, file);
  const names =
    typeof line === "string"
      ? [...line.matchAll(/(?:^|\s)\$\{?(\w+)\}?(?=\s|$)/g)].map(([, name]) => name as string)
      : [];
  return names.flatMap((variable) => {
    const value = environment.get(variable);
    return value === undefined ? [] : [{ file: "grubenv", variable, line: value }];
  });
}

export function refusedIn({ text, file }: BlsEntry, reader: "grub" | "systemd-boot"): NoPlace | undefined {
  const line = lineIn(blsPlace(reader), text, file);
  if (line === undefined || typeof line === "string") return undefined;
  return {
    known: false,
    code: "computed",
    why: line.why,
    hint: "Write its options as plain text.",
    file,
    line: line.line,
  };
}
