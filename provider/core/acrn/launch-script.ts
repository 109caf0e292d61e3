import { remembered } from "../text/remembered";
import { affinityIn } from "./launch-script/affinity";
import { tokenize } from "./launch-script/tokens";
import { vmNameIn } from "./launch-script/vm-name";
import type { LaunchScript } from "./types";

export { type LaunchArgument, type LaunchArguments, launchArguments } from "./launch-script/arguments";
export { launchSurface } from "./launch-script/surface";

/** Generated scripts have about 10 KB, and acrnctl takes none above 20 KB (reference 1.4). */
const LARGEST = 256 * 1024;

/**
 * What can be read off a launch script without running it: the generated scripts of ACRN 2.x and 3.x, and hand-made
 * ones as long as they say it literally, or by a variable that is set once. `line` tells that there is a CPU list;
 * with `line` and no `cpus` it is there, but not literal. Never throws: a script is foreign text.
 */
export function readLaunchScript(path: string, text: string): LaunchScript {
  return known(text, path);
}

/** Each of a host's resources asks for all scripts of the host. */
const known = remembered(readOne, { texts: 32, chars: 1024 * 1024 });

function readOne(text: string, path: string): LaunchScript {
  if (text.length > LARGEST || text.includes("\0")) return { path };
  const tokens = tokenize(text.replaceAll("\r\n", "\n"));
  const vm = vmNameIn(tokens, text);
  const { cpus, line } = affinityIn(tokens);
  return {
    path,
    ...(vm === undefined ? {} : { vm }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(line === undefined ? {} : { line }),
  };
}
