import type { Topology } from "../../core/hardware/types";
import type { View } from "../kind";

/** Undefined: there is none that can be read, and rules that need it are not checked. */
export function boardOf(view: View): Topology | undefined {
  try {
    return view.topology();
  } catch {
    return undefined;
  }
}
