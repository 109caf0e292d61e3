import type { Liveness } from "../../core/acrn/power/liveness";
import { livenessIn } from "../../resources/liveness";
import type { Draft } from "../draft";

/** Whether a real-time VM runs, as the machine is. */
export function livenessOn(draft: Draft, name: string): Liveness {
  return livenessIn(draft, name);
}
