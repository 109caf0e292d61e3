import type { Refusal } from "../../core/plan/types";

/** A rule of an RtVm that says no. */
export const refusal = (code: string, property: string, tip: string, message: string, hint: string): Refusal => ({
  tip,
  code: `rtvm.${code}`,
  property,
  message,
  hint,
});
