import { blsValues } from "../places/bls";
import { type BlsEntry, blsEntries, refusedIn } from "./bls";
import { bootctlOneShot } from "./one-shot";
import type { Finding, KernelEvidence, NoPlace } from "./types";

/** Where systemd-boot's partitions are mounted [Boot Loader Specification, "Mount Points"]. */
const ROOTS = ["/boot", "/efi", "/boot/efi"];

/** Folders that hold its configuration or entries. */
export function loaderRoots({ files }: KernelEvidence): string[] {
  return ROOTS.filter((root) => [...files.keys()].some((path) => path.startsWith(`${root}/loader/`)));
}

/** A machine that systemd-boot starts: the entry that boots. */
export function systemdBootPlace(evidence: KernelEvidence): Finding {
  const entry = chosen(evidence);
  if ("known" in entry) return entry;
  return (
    refusedIn(entry, "systemd-boot") ?? {
      known: true,
      loader: "systemd-boot",
      place: "bls-systemd-boot",
      file: entry.file,
      oneShot: bootctlOneShot(evidence),
      others: [],
      later: ["/etc/kernel/cmdline"].filter((path) => evidence.files.has(path)),
      notes: ["kernels that are installed later get their line elsewhere: the next up finds and mends that"],
    }
  );
}

/** The entry that was booted, the one that `default` of loader.conf means, or the only one. */
function chosen(evidence: KernelEvidence): BlsEntry | NoPlace {
  const entries = blsEntries(evidence);
  const patterns = ROOTS.flatMap((root) =>
    blsValues(evidence.files.get(`${root}/loader/loader.conf`) ?? "", "default"),
  );
  const wanted = patterns.filter((pattern) => !pattern.startsWith("@")).map(globOf);
  const named = entries.filter(({ id }) => wanted.some((glob) => glob.test(`${id}.conf`) || glob.test(id)));
  const booted = entries.filter(
    ({ id }) =>
      evidence.loaderEntry !== undefined &&
      `${id}.conf` === evidence.loaderEntry.replace(/\+\d+(?:-\d+)?(?=\.conf$)/, ""),
  );
  for (const found of [booted, named, entries]) if (found.length === 1) return found[0] as BlsEntry;
  if (entries.length === 0)
    return {
      known: false,
      code: "unsupported",
      why: "systemd-boot is there without a text entry: a unified kernel image has its line within it",
      hint: "Build the image with another line (/etc/kernel/cmdline and ukify), or give it an entry in loader/entries.",
    };
  return {
    known: false,
    code: "ambiguous",
    why: `of ${entries.length} entries nothing tells which one boots: neither LoaderEntrySelected nor \`default\` of loader.conf means one alone`,
    hint: "Choose one: `bootctl set-default <entry>`.",
  };
}

/** `*` and `?` of a shell's pattern [loader.conf(5), default]. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i");
}
