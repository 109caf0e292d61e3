export { customCfgPath, hasTrial, withoutTrial, withTrial } from "./trial/custom-cfg";
export { type TrialSource, trialEntry, trialId } from "./trial/entry";
export { PANIC_SECONDS, type TrialMachine, type TrialMeans, trialLine, trialMeans } from "./trial/means";
