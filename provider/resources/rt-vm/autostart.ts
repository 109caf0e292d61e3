import { autostartArgs, autostartPath } from "../../core/acrn/autostart-path";
import { RECORD_PATH } from "../../core/acrn/evidence";
import { wholeId } from "../../core/acrn/file-document";
import { autostartScript } from "../../core/acrn/launch/autostart";
import type { Wish } from "../../core/claims/types";
import type { View } from "../kind";
import { launcherOf, type RtVmArgs, scriptOf } from "./schema";
import type { ScriptPart } from "./script-wishes";

/**
 * acrnd starts what lies in conf/add. It is written directly: `acrnctl add` would run the launch script to learn the VM's name (reference 1.4).
 * Not declared: what is there stays.
 */
export function autostartWishes(view: View, args: RtVmArgs, { waits }: ScriptPart): Wish[] {
  if (args.autostart === undefined) return [];
  const [script, words] = [wholeId(autostartPath(args.name)), wholeId(autostartArgs(args.name))];
  if (!args.autostart) return [script, words].map((field) => ({ field, value: null }));
  const at = view.evidence.record ?? RECORD_PATH;
  const sha256 = waits === undefined ? undefined : view.snapshot.files.get(at)?.sha256;
  const record = sha256 === undefined ? {} : { record: { path: at, sha256 } };
  const { path, owned } = scriptOf(args);
  const starts = { canonical: launcherOf(args), ...(owned ? {} : { edited: path }) };
  const text = autostartScript({ vm: args.name, ...starts, ...record });
  return [
    { field: script, value: text },
    { field: words, value: "\n" }, // acrnd runs `$(cat <vm>.args)`: the file has to be there
  ];
}
