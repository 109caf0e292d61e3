/** Where `41_custom` has GRUB read entries from, without `update-grub` [util/grub.d/41_custom.in]; beside grub.cfg. */
export function customCfgPath(generated: string): string {
  return `${generated.slice(0, generated.lastIndexOf("/"))}/custom.cfg`;
}

const BEGIN = "# >>> pulumi-acrn trial: a menu entry for one boot; it goes when the trial ends";
const END = "# <<< pulumi-acrn trial";
/** The text before it had no line end, and gets back none. */
const GLUED = " (and the line end before this)";

/** From a begin to its own end: one that was torn off leaves what stands behind it to its owner. An editor may have cut off the last line end. */
const BLOCK = new RegExp(
  `(\\n?)^${escaped(BEGIN)}(${escaped(GLUED)})?\\n((?:(?!^${escaped(BEGIN)})[\\s\\S])*?)^${escaped(END)}(?:\\n|(?![\\s\\S]))`,
  "gm",
);

/** custom.cfg with this entry as its only trial; everything else in it stays. */
export function withTrial(text: string | undefined, entry: string): string {
  const rest = withoutTrial(text) ?? "";
  const glued = rest !== "" && !rest.endsWith("\n");
  return `${rest}${glued ? "\n" : ""}${BEGIN}${glued ? GLUED : ""}\n${entry}${END}\n`;
}

/** custom.cfg without a trial; undefined: nothing is left, so that the file goes. */
export function withoutTrial(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const rest = text.replace(BLOCK, (all, before: string, glued: string | undefined, _entry, at: number) => {
    // where somebody wrote behind it, the line end is his
    return glued !== undefined && at + all.length === text.length ? "" : before;
  });
  return rest === "" && text !== "" ? undefined : rest;
}

/** The trial's entry in it; undefined: there is none. */
export function trialOf(text: string): string | undefined {
  return [...text.matchAll(BLOCK)].at(-1)?.[3];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
