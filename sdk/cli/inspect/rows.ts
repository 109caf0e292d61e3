import type { Liveness } from "../../../provider/core/acrn/power/liveness";
import type { Home } from "../../../provider/core/acrn/rt-vm/homes";
import type { LaunchScript } from "../../../provider/core/acrn/types";

/** A VM as the source has it, and as the record of what was built has it. */
export interface VmRow {
  name: string;
  id: number;
  load: string;
  realtime: boolean;
  /** pCPUs; null where the file names none (a 3.x Service VM) or has no such VM. */
  source: number[] | null;
  record: number[] | null;
}

/** A post-launched VM as the machine runs it. */
export interface RunningRow {
  name: string;
  state: Liveness["state"];
  /** What proves it, or why nobody can tell. */
  why: string;
  /** acrnd starts it at each boot. */
  autostart: boolean;
}

export interface ScriptRow extends LaunchScript {
  role: Home["role"];
  /** The acrn-dm that runs was started by it. */
  runs: boolean;
}
