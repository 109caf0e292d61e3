import { shellQuote } from "../../text/shell-quote";
import { type LaunchArgument, type LaunchArguments, launchArguments } from "../launch-script/arguments";

type Value = LaunchArgument["value"];

/**
 * In words, what a running acrn-dm was given otherwise than its script says now. What the script computes cannot be compared and is left out.
 * @param running its command line, word by word
 */
export function differences(script: LaunchArguments, running: readonly string[]): string[] {
  // read as a script of one line, so that both are told by the same rules
  const live = launchArguments(`${running.map(shellQuote).join(" ")}\n`, "acrn-dm").arguments;
  const names = new Set([...script.arguments, ...live].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [wanted, found] = [valuesOf(name, script.arguments), valuesOf(name, live)];
    if (wanted.includes(undefined) || script.maybe.includes(name)) return [];
    // of a script that cannot be told to its end, what it lacks may still come
    if (wanted.length === 0 && script.refusal) return [];
    if (wanted.length === found.length && wanted.every((value, at) => value === found[at])) return [];
    return found.length === 0 ? [`no ${name}`] : found.map((value) => (value === true ? name : `${name} ${value}`));
  });
}

/** Some may be given more than once (`-l`): in their order. */
function valuesOf(name: string, all: readonly LaunchArgument[]): Value[] {
  return all.flatMap((each) => (each.name === name ? [each.value] : []));
}
