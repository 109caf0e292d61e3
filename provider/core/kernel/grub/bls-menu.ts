import { readGrubCfg } from "../../acrn/image/grub-cfg";
import { blsValues } from "../places/bls";
import { type KernelEntry, kernelEntry } from "./entry";

/** The text of a menu entry, and what it boots. */
export interface MenuSource {
  text: string;
  boots: KernelEntry;
}

/**
 * A snippet of the Boot Loader Specification as GRUB's `blscfg` makes a menu entry of it while the machine boots [rhboot/grub2, grub-core/commands/blscfg.c create_entry]: its own `$root`
 * stands, variables of the environment block are replaced by what they hold. Undefined: it loads no kernel.
 */
export function menuOfSnippet(text: string, environment: ReadonlyMap<string, string>): MenuSource | undefined {
  const [linux] = blsValues(text, "linux");
  const [options = ""] = blsValues(text, "options");
  if (linux === undefined) return undefined;
  const expanded = (value: string) =>
    value
      .replace(/\$\{?(\w+)\}?/g, (_all, name: string) => environment.get(name) ?? "")
      .replace(/\s+/g, " ")
      .trim();
  const initrds = blsValues(text, "initrd").map(expanded).filter(Boolean).join(" ");
  const lines = [`linux ${linux} ${expanded(options)}`, ...(initrds === "" ? [] : [`initrd ${initrds}`])];
  const menu = `menuentry 'snippet' {\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
  const [entry] = readGrubCfg(menu, { file: "snippet" }).entries;
  const boots = entry && kernelEntry(menu, "snippet", entry);
  return boots && { text: menu, boots };
}
