import { chooses } from "../../grub/choose";
import { relative } from "../../grub/spec";
import { kernelIn } from "./kernel";
import type { Choice, Loading } from "./types";

/** GRUB's choice, with the line as it makes it: BOOT_IMAGE, then its words, quoted again where they have blanks [grub-core/lib/cmdline.c]. */
export function byGrub(dir: string, { grub, spec, real }: Loading): Choice {
  const choice = chooses(dir, grub, real);
  if (!choice) return { nothing: "GRUB has no menu" };
  if ("trouble" in choice) return { nothing: `GRUB boots nothing: ${choice.trouble}` };
  const { entry, loaded } = choice;
  if (loaded.loader !== "linux") return { nothing: `${entry.title} is no Linux` };
  // blscfg puts the device before the path
  const image = `${spec.layout === "rhel" ? "(hd0,gpt2)" : ""}${relative(loaded.file, grub)}`;
  const cmdline = [`BOOT_IMAGE=${image}`, ...loaded.words.map(quoted)].join(" ");
  const { title, id } = entry;
  return { title, id, ...kernelIn(dir, loaded.file), cmdline, initrd: loaded.modules.length > 0 };
}

function quoted(word: string): string {
  const text = word.replace(/["'\\]/g, "\\$&");
  return text.includes(" ") ? `"${text}"` : text;
}
