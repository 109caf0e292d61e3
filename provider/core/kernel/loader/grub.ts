import { parseCmdline } from "../cmdline/parse";
import { type Booted, callsBlscfg, defaultEntry, environmentOf } from "../grub/entry";
import type { GrubVariable } from "../places/grub-default/value";
import { DEFAULT_GRUB, fragmentsOf, readsFragments, sourcesOf, type VariableSources } from "./default-files";
import { grubOneShot } from "./one-shot";
import type { Finding, KernelEvidence, LineSource, NoPlace } from "./types";

const DEFAULT: GrubVariable = "GRUB_CMDLINE_LINUX_DEFAULT";
const ALWAYS: GrubVariable = "GRUB_CMDLINE_LINUX";

/** Scripts of `/etc/grub.d` that put both variables on the lines of their entries. */
const READERS = /\/\d+_(?:linux|linux_xen|linux_acrn|pulumi_acrn)$/;

/** A machine whose grub.cfg is there: which variable of which file reaches what it boots. */
export function grubPlace(evidence: KernelEvidence, generated: string): Finding {
  const text = evidence.files.get(generated) as string;
  const grubenv = `${generated.slice(0, generated.lastIndexOf("/"))}/grubenv`;
  const saved = environmentOf(evidence.files.get(grubenv)).get("saved_entry") ?? "";
  const booted = defaultEntry(text, generated, saved);
  const unread = unreadMenu(text, generated, booted);
  if (unread) return unread;
  const variables = [sourcesOf(evidence, DEFAULT), sourcesOf(evidence, ALWAYS)] as const;
  for (const each of variables) if ("known" in each) return each;
  const [normal, always] = variables as readonly [VariableSources, VariableSources];
  const chosen = choose(normal, always, booted);
  const regenerate = regenerating(evidence, generated);
  if (!regenerate) return noTool(generated);
  const menu = { nextEntry: booted.menu?.nextEntry ?? false, custom: text.includes("custom.cfg") };
  return {
    known: true,
    loader: "grub",
    place: "grub-default",
    file: chosen.file ?? DEFAULT_GRUB,
    variable: chosen.variable,
    menu: generated,
    generated,
    regenerate,
    oneShot: booted.known ? grubOneShot(evidence, grubenv, menu) : { possible: false, why: booted.why },
    others: othersOf(chosen, normal, always),
    later: [],
    notes: [...notesOf(evidence, booted), ...staleNote(chosen, booted, generated)],
  };
}

function unreadMenu(text: string, file: string, booted: Booted): NoPlace | undefined {
  const no = (why: string): NoPlace => ({
    known: false,
    code: "unread",
    why,
    hint: `Write the parameters into the entry itself, or let grub-mkconfig make ${file}.`,
    file,
  });
  if (!/^### BEGIN \S*\/10_linux ###$/m.test(text))
    return no(`${file} is not made by grub-mkconfig, so nothing reads ${DEFAULT_GRUB}`);
  const script = booted.known ? booted.boots.script : undefined;
  if (booted.known && script !== undefined && !READERS.test(script))
    return no(
      `what boots by default ("${booted.boots.entry.title}") is written by ${script}, which reads no variable of ${DEFAULT_GRUB}`,
    );
  return undefined;
}

/**
 * The one that normal entries alone get, so that recovery entries stay as they are; the other where only that is set, or where only that is found on
 * the line that boots.
 */
function choose(normal: VariableSources, always: VariableSources, booted: Booted): VariableSources {
  if (normal.sources.length === 0 && always.sources.length > 0) return always;
  if (!booted.known) return normal;
  const reaches = (variable: VariableSources) => missing(variable, booted.boots.line).length === 0;
  const says = always.sources.some(({ line }) => parseCmdline(line).params.length > 0);
  return !reaches(normal) && says && reaches(always) ? always : normal;
}

/** Words of a variable that are not on the line. */
function missing({ sources }: VariableSources, line: string): string[] {
  const there = new Set(parseCmdline(line).params.map(({ raw }) => raw));
  const words = sources.flatMap((source) => parseCmdline(source.line).params.map(({ raw }) => raw));
  // what GRUB or a shell take apart looks otherwise on the line
  return words.filter((word) => !/[\\$'"]/.test(word) && !there.has(word));
}

function othersOf(chosen: VariableSources, ...all: VariableSources[]): LineSource[] {
  const file = chosen.file ?? DEFAULT_GRUB;
  return all
    .flatMap(({ sources }) => sources)
    .filter(({ line }) => parseCmdline(line).params.length > 0)
    .filter((each) => each.variable !== chosen.variable || each.file !== file);
}

function regenerating({ commands }: KernelEvidence, generated: string): readonly string[] | undefined {
  if (commands.has("update-grub") && generated === "/boot/grub/grub.cfg") return ["update-grub"];
  const name = generated.startsWith("/boot/grub/")
    ? ["grub-mkconfig", "grub2-mkconfig"]
    : ["grub2-mkconfig", "grub-mkconfig"];
  const found = name.find((each) => commands.has(each));
  return found === undefined ? undefined : [found, "-o", generated];
}

function noTool(generated: string): NoPlace {
  return {
    known: false,
    code: "unread",
    why: `there is neither update-grub nor grub-mkconfig to make ${generated} anew, so nothing would read what is written to ${DEFAULT_GRUB}`,
    hint: "Install GRUB's tools on the machine (grub2-common, grub2-tools).",
    file: generated,
  };
}

function notesOf(evidence: KernelEvidence, booted: Booted): string[] {
  const idle = readsFragments(evidence)
    ? []
    : fragmentsOf(evidence).filter((path) => /GRUB_CMDLINE_LINUX/.test(evidence.files.get(path) ?? ""));
  return [
    ...idle.map((path) => `nothing reads ${path}: this machine's grub-mkconfig reads ${DEFAULT_GRUB} alone`),
    ...(booted.known ? [] : [`what boots by default cannot be told: ${booted.why}`]),
  ];
}

function staleNote(chosen: VariableSources, booted: Booted, generated: string): string[] {
  const words = booted.known ? missing(chosen, booted.boots.line) : [];
  if (words.length === 0) return [];
  return [`${generated} lacks ${words.join(" ")}, which ${chosen.variable} has: it was not made anew since`];
}

/** Is it a menu of entries, not one that only leads to another file? */
export function isMenu(text: string): boolean {
  return callsBlscfg(text) || /^[ \t]*menuentry[ \t]/m.test(text);
}
