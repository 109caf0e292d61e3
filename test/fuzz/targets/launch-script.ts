import assert from "node:assert/strict";
import { readLaunchScript } from "../../../provider/core/acrn/launch-script";
import { launchArguments } from "../../../provider/core/acrn/launch-script/arguments";
import { nameOfKey } from "../../../provider/core/acrn/launch-script/options";
import { launchSurface } from "../../../provider/core/acrn/launch-script/surface";
import { mutated } from "../mutate";
import { once, scripts, words } from "../seeds";
import { Refused, type Target } from "../target";

const SHELL = words(
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
  "acrn-dm add_cpus --cpu_affinity --cpu_affinity= `add_cpus $( ) ( { } ${ $vm_name ${dm_params[@]} dm_params=( += << <<- <<EOF EOF ' \" \\ ; & | > 2>&1 " +
    "vm_name= vm_name+= read for unset sudo exec function 1-3 4095 4096-9 1,,2 # #",
);
const material = once(() => ({ seeds: scripts(), words: SHELL }));

const times = (part: string) => (n: number) => Buffer.from(part.repeat(n / part.length));

/** Never throws: a launch script is foreign text, of which nothing may be readable. */
export const launchScript: Target = {
  name: "launch script",
  runs: 16_000,
  make: (random) => mutated(random, material()),
  run: (input) => {
    const text = input.toString("utf8");
    const read = readLaunchScript("/x.sh", text);
    const { arguments: given, refusal } = launchArguments(text, "/x.sh");
    // what is told as an argument is the field of that name, or the field says why it has no place
    for (const { name, value } of refusal ? [] : given.slice(0, 4)) {
      if (nameOfKey(`arg[${name}]`) === undefined) continue; // no option that acrn-dm could have
      const field = launchSurface.read(text, "/x.sh", `arg[${name}]`);
      if (field.kind === "value" && value !== undefined && given.filter((each) => each.name === name).length === 1)
        assert.equal(field.value, value);
    }
    return read.vm === undefined && read.line === undefined ? new Refused("nothing.read") : read;
  },
  grow: {
    here: times("<<a\n"),
    quotes: times('"'),
    substitutions: times("$("),
    calls: times("acrn-dm x\n"),
    lists: times("add_cpus 1\n"),
    variables: times("a=1 $a\n"),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
    arrays: times('a=(b) acrn-dm "${a[@]}"\n'),
    options: times("--cpu_affinity $a "),
    blanks: times("--cpu_affinity "),
    continued: times("\\\n"),
    header: times("# Launch script for VM name:  "),
  },
};
