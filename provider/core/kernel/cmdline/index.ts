import type { FieldValue } from "../../claims/types";
import { applyEdits } from "../../text/edits";
import { setEdits } from "./edit";
import { fieldKey } from "./keys";
import { parseCmdline } from "./parse";
import { rawOf, restoreSteps } from "./restore";
import { checkParam, type ParamValue, saidOf } from "./value";

export { fieldKey, keyOfField, paramField, repeatOf } from "./keys";
export { COMMAND_LINE_SIZE, checkLength, KERNEL_LIMIT } from "./limit";
export { type Cmdline, type Param, parseCmdline, printCmdline } from "./parse";
export { checkParam, normalValue, type ParamValue } from "./value";

/** The value of a parameter in its normal form; undefined: it is not on the line. */
export function getParam(text: string, name: string): ParamValue | undefined {
  return saidOf([parseCmdline(text)], fieldKey(name));
}

/**
 * The line with a parameter that has `value`; null: without it. Everything else stays, byte for byte.
 * @throws AcrnError `cmdline.value` for what no command line can say
 */
export function setParam(text: string, name: string, value: FieldValue): string {
  const key = fieldKey(name);
  return applyEdits(text, setEdits([parseCmdline(text)], key, checkParam(key, value)).flat());
}

/** What {@link restoreParam} takes; undefined: the parameter is not on the line. */
export function recordParam(text: string, name: string): string | undefined {
  const lines = [parseCmdline(text)];
  return saidOf(lines, fieldKey(name)) === undefined ? undefined : rawOf(lines, fieldKey(name));
}

/** The line with a parameter as it was recorded; without a record, without it. */
export function restoreParam(text: string, name: string, raw: string | undefined): string {
  return restoreSteps(fieldKey(name), raw).reduce((sofar, step) => {
    return applyEdits(sofar, step([parseCmdline(sofar)]).flat());
  }, text);
}
