import { readGrubCfg } from "../../acrn/image/grub-cfg";
import { AcrnError } from "../../errors";
import { applyEdits } from "../../text/edits";
import { checkLength } from "../cmdline";
import { parseCmdline } from "../cmdline/parse";
import { type KernelEntry, kernelEntry } from "../grub/entry";

/** Commands of an entry that would make a trial the default, or leave a trace of it. */
const DROPPED = new Set(["savedefault", "recordfail"]);

/** GRUB's id of a trial's entry, for `grub-reboot`. @throws AcrnError `trial.id` */
export function trialId(id: string): string {
  if (/^[0-9a-z]{1,40}$/.test(id)) return `pulumi-acrn-trial-${id}`;
  throw new AcrnError("trial.id", `${JSON.stringify(id.slice(0, 60))} cannot be a part of a menu entry's id`, {
    hint: "Use at most 40 small letters and digits.",
  });
}

/** What boots by default, and the line to try with it. */
export interface TrialSource {
  /** Text of grub.cfg. */
  text: string;
  boots: KernelEntry;
}

/**
 * A menu entry that boots what boots by default, with another kernel line: root, modules and initrd are the default entry's own words, so that variables of GRUB
 * stay variables. Only what `grub-reboot` names boots it.
 *
 * @param line the whole new line: {@link KernelEntry.line} with other parameters
 * @throws AcrnError `cmdline.long`, `trial.entry` where GRUB would read another line than this
 */
export function trialEntry({ text, boots }: TrialSource, id: string, line: string): string {
  checkLength(line);
  const name = trialId(id);
  const { kernel, commands, entry } = boots;
  const command = [kernel.sources[0], kernel.sources[1], ...wordsFor(kernel, line)].join(" ");
  const dropped = commands.filter(({ words }) => DROPPED.has(words[0] ?? ""));
  const offset = entry.body.start + 1;
  const body = applyEdits(
    text.slice(offset, entry.body.end),
    [{ ...kernel, text: command }, ...dropped.map((each) => ({ ...each, text: "" }))].map((edit) => {
      return { start: edit.start - offset, end: edit.end - offset, text: edit.text };
    }),
  );
  const lines = body.split("\n").map((each) => each.trim());
  const trial = [
    `menuentry 'pulumi-acrn: new kernel arguments, once (${id})' --id '${name}' {`,
    ...lines.filter((each) => each !== "").map((each) => `\t${each}`),
    "}\n",
  ].join("\n");
  if (!reads(trial, line)) throw unreadable(line);
  return trial;
}

/** Words that were there are written as they were; new ones are quoted where GRUB would take them apart. */
function wordsFor(kernel: KernelEntry["kernel"], line: string): string[] {
  const there = new Map(kernel.words.map((word, at) => [word, kernel.sources[at] as string]));
  const parsed = parseCmdline(line);
  const words = [...parsed.params.map(({ raw }) => raw), ...parsed.rest.trim().split(/\s+/)];
  return words
    .filter((word) => word !== "")
    .map((word) => there.get(word) ?? there.get(word.replace(/^"(.*)"$/, "$1")) ?? quoted(word, line));
}

/** Single quotes hold everything but themselves (GRUB manual, "Quoting"). */
function quoted(word: string, line: string): string {
  // whether GRUB puts quotes around it again differs by its version [grub-core/lib/cmdline.c]
  if (/\s/.test(word)) throw unreadable(line);
  return /^[\w/.:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function reads(entry: string, line: string): boolean {
  const file = "custom.cfg";
  const [only, ...more] = readGrubCfg(entry, { file }).entries;
  const read = only && more.length === 0 ? kernelEntry(entry, file, only) : undefined;
  const words = (text: string) => text.trim().split(/\s+/).join(" ");
  return read !== undefined && words(read.line) === words(line);
}

function unreadable(line: string): AcrnError {
  return new AcrnError("trial.entry", `GRUB would not read this kernel line as it is: ${JSON.stringify(line)}`, {
    hint: "Leave out quotes and characters that GRUB takes for its own, or set `trial: false`.",
  });
}
