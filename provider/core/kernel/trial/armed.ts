import type { Snapshot } from "../../snapshot";
import { getParam } from "../cmdline";

/** On the guest's root file system, as the unit that heeds it (a /var of its own may not mount), while an Activation waits for the trial's boot: `ID SECONDS KIND`. Without it nothing of ours ends a boot. */
export const TRIAL_ARMED = "/etc/pulumi-acrn-trial-armed";

/** On the trial's kernel line, with its id: how a boot tells that it is the trial. The kernel hands it on to init, which takes no notice. */
export const TRIAL_MARKER = "pulumi_acrn_trial";

/** Is the boot that runs a trial's, and does an Activation wait for it? What armed a boot that died may still lie there in another one. */
export function isAwaited({ files, texts }: Snapshot): boolean {
  const line = texts.get("proc/cmdline");
  return (
    files.get(TRIAL_ARMED)?.kind === "file" && line !== undefined && getParam(line.trim(), TRIAL_MARKER) !== undefined
  );
}
