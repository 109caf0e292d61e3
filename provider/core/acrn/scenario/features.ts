import { find, trimSpace } from "../../xml";
import { openScenario } from "./open";

/** `hv` options that rules about cores ask for; absent where the file leaves them to their default. */
export interface ScenarioFeatures {
  scheduler?: string;
  /** v3.3 and later. */
  vuartTimerPcpu?: number;
}

export function readScenarioFeatures(text: string, file: string): ScenarioFeatures {
  const { doc } = openScenario(text, file);
  const value = (name: string) => trimSpace(find(doc.root, `hv/FEATURES/${name}`)?.value ?? "");
  const scheduler = value("SCHEDULER");
  const timer = value("VUART_TIMER_PCPU");
  return {
    ...(scheduler === "" ? {} : { scheduler }),
    ...(/^\d{1,4}$/.test(timer) ? { vuartTimerPcpu: Number(timer) } : {}),
  };
}
