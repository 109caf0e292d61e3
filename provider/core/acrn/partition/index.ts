import { roleOf } from "../rt-vm/homes";
import { choose } from "./choose";
import { survey } from "./ground";
import { assignment } from "./outputs";
import { evictions, neighbourRules } from "./rules/neighbours";
import { ownRules } from "./rules/own";
import { scriptRules } from "./rules/scripts";
import { sharingRules } from "./rules/sharing";
import type { PartitionInput, PartitionResult, Refusal } from "./types";
import { warnings } from "./warnings";
import { readWishes } from "./wishes";
import { byText } from "./words";

export { SERVICE_VM } from "./ground";
export { guestLists } from "./outputs";
export type * from "./types";

/**
 * Decides which pCPUs each VM of the map has: explicit numbers first, then automatic choices, which take whole,
 * unshared cores with all their threads (a thread left over would be a stranger's) and never the core of pCPU 0.
 * Never throws on a user's mistake: that is a refusal. Depends on nothing but its input, not on the order of the map.
 */
export function planPartition(input: PartitionInput): PartitionResult {
  const ground = survey(launched(input));
  const wishes = readWishes(ground);
  const { placement, why, refusals } = choose(ground, wishes.explicit, wishes.automatic);
  const evicted = evictions(ground, placement);
  const broken: Refusal[] = [
    ...wishes.refusals,
    ...refusals,
    ...ownRules(ground, placement),
    ...neighbourRules(ground, placement),
    ...sharingRules(ground, placement),
    ...scriptRules(ground, placement, evicted),
  ];
  return {
    assignments: [...placement].map(([vm, cpus]) =>
      assignment(ground, vm, cpus, why.get(vm) ?? "named by the program"),
    ),
    evictions: evicted,
    refusals: broken.sort((a, b) => byText(a.vm, b.vm)),
    warnings: warnings(ground, placement, evicted),
  };
}

/** What stands beside an image of ours is launched where that image is booted, and there it fits (acrn/launch/autostart.ts). */
function launched({ scripts, ...input }: PartitionInput): PartitionInput {
  return scripts ? { ...input, scripts: scripts.filter(({ path }) => roleOf(path) !== "kept") } : input;
}
