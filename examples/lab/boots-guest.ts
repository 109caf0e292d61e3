import { fateOf } from "./server/physics/guest/fate";
import { choose } from "./server/physics/guest/loaders";
import { type GuestOsSpec, grubOf } from "./server/physics/guest/spec";

/** What a guest's tree would boot at this moment. Nothing is changed: a one-shot choice stays. */
export interface GuestBoot {
  title: string;
  line: string;
  /** Why it would not come up, or not be reached. */
  trouble?: string;
}

/** By the lab's own loaders and kernels: for sweeps that stop a change between any two steps. */
export function guestBoot(dir: string, spec: GuestOsSpec, bootArgs?: string): GuestBoot {
  const choice = choose(dir, { spec, grub: grubOf(spec), bootArgs, real: false });
  if ("nothing" in choice) return { title: "", line: "", trouble: choice.nothing };
  const { title, cmdline: line } = choice;
  const fate = fateOf(choice, dir, spec);
  if (fate.kind !== "up") return { title, line, trouble: fate.why };
  return fate.reachable ? { title, line } : { title, line, trouble: "nobody reaches it" };
}
