export { isAwaited, TRIAL_ARMED, TRIAL_MARKER } from "./trial/armed";
export { customCfgPath, trialOf, withoutTrial, withTrial } from "./trial/custom-cfg";
export {
  noteOfTrial,
  pathOfTrial,
  type TrialNote,
  trialDocument,
  trialDocumentId,
  trialFieldId,
  trialText,
} from "./trial/document";
export { type TrialSource, trialEntry, trialId } from "./trial/entry";
export { PANIC_SECONDS, type TrialMachine, type TrialMeans, trialLine, trialMeans } from "./trial/means";
