/** Launches of post-launched VMs: what acrn-dm is given, what is made ready before, and scripts that are wholly ours. */
export { type DmArgument, type DmValue, wordsOf } from "./argument";
export { type Autostart, autostartScript } from "./autostart";
export type { HandOver } from "./cpus";
export { dmArguments } from "./dm-arguments";
export { LAUNCH_EXIT } from "./exit";
export { ownedScript } from "./owned-script";
export { type Preparation, preparation } from "./preparation";
export type { Loader, PassthroughDevice, VirtualDevice, VmConfig } from "./types";
export { wrappedScript } from "./wrapped-script";
