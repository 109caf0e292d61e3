import type { Snapshot } from "../../../core/snapshot";
import { guestMachine } from "../../../core/tuning/guest/machine";
import type { Pending, View } from "../../kind";

/** No part of a hypervisor's image. */
export const BUILT = "(no part of an image)";

/** What makes this guest boot anew, by what it is (reference 7b). */
export function bootNeeds({ snapshot, guest }: Pick<View, "snapshot" | "guest">): Pending["needs"] {
  const machine = guestMachine(snapshot, guest?.vm);
  if (machine.kind === "rtvm") return [{ act: "rtvm-power-cycle", target: machine.vm }];
  if (machine.kind === "service") return [{ act: "host-reboot", target: "host" }];
  return machine.kind === "other" ? [{ act: "guest-reboot", target: "guest" }] : [];
}

/** Seconds since the epoch, by the machine's own clock; undefined: nobody knows. */
export function bootTime({ texts }: Snapshot): number | undefined {
  const found = /btime (\d+)/.exec(texts.get("proc/stat") ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}
