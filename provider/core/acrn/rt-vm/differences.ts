import { shellQuote } from "../../text/shell-quote";
import { type LaunchArguments, launchArguments } from "../launch-script/arguments";

/**
 * In words, what a running acrn-dm was given otherwise than its script says now. What the script computes cannot be compared and is left out.
 * @param running its command line, word by word
 */
export function differences(script: LaunchArguments, running: readonly string[]): string[] {
  // read as a script of one line, so that both are told by the same rules
  const live = launchArguments(`${running.map(shellQuote).join(" ")}\n`, "acrn-dm").arguments;
  return script.arguments.flatMap(({ name, value }) => {
    if (value === undefined) return [];
    const found = live.find((each) => each.name === name)?.value;
    if (found === value) return [];
    if (found === undefined) return [`no ${name}`];
    return [found === true ? name : `${name} ${found}`];
  });
}
