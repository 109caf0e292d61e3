import type { VmConfig } from "../../core/acrn/launch/types";
import type { LaunchArguments } from "../../core/acrn/launch-script/arguments";
import type { Allowed } from "../../core/acrn/rt-vm/allowed";
import type { RtVmWish } from "../../core/acrn/rt-vm/wish";
import type { View } from "../kind";
import type { ScenarioPart } from "./scenario-wishes";
import type { RtVmArgs } from "./schema";
import type { ScriptPart } from "./script-wishes";

/** One RtVm, taken apart: what its declaration comes to in each of its files. */
export interface Parts {
  view: View;
  args: RtVmArgs;
  wish: RtVmWish;
  scenario: ScenarioPart;
  config: VmConfig;
  allowed: Allowed;
  script: ScriptPart;
  /** What the script gives acrn-dm, read back from its text. */
  launched: LaunchArguments;
}
