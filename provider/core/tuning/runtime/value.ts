import { AcrnError } from "../../errors";
import { formatCpuMask, parseCpuMask } from "../cpu-mask";
import { type Knob, knobOf } from "./knobs";

/** A knob and what it shall hold. */
export interface KnobSetting {
  key: string;
  value: string;
}

/** The knob of a setting, and its value as it is written. @throws AcrnError `tuning.knob` */
export function checkKnob({ key, value }: KnobSetting): { knob: Knob; value: string } {
  const knob = knobOf(key);
  if (!knob) throw refuse(key, "no such runtime knob", "Choose another one: pulumi-acrn inspect --profile lists them.");
  if (knob.takes === "mask") {
    const cpus = parseCpuMask(value, `runtime.${key}`);
    // the kernel refuses an empty mask [Linux kernel/irq/proc.c, kernel/workqueue.c: EINVAL]
    if (cpus.length === 0) throw refuse(key, `${JSON.stringify(value)} names no CPU`, 'Name at least one: "1".');
    return { knob, value: formatCpuMask(cpus) };
  }
  if (!knob.takes.includes(value))
    throw refuse(key, `${JSON.stringify(value)} is no value of it`, `Choose ${knob.takes.join(", ")}.`);
  return { knob, value };
}

/** What one file of a knob says, in our words; undefined: nothing that we know. */
export function readKnob(knob: Knob, text: string): string | undefined {
  const said = knob.shows === "bracketed" ? /\[([^\]\s]+)\]/.exec(text)?.[1] : text.replace(/\n$/, "");
  if (said === undefined || knob.takes !== "mask") return said;
  try {
    return formatCpuMask(parseCpuMask(said));
  } catch {
    return undefined;
  }
}

/**
 * What a knob was before us, for the way back: the one value that all of its files have. Files that differ have no one value, and the boot that comes
 * without our unit is their way back.
 */
export function formerOf(knob: Knob, texts: readonly string[]): string | undefined {
  const values = new Set(texts.map((text) => readKnob(knob, text)));
  return values.size === 1 ? [...values][0] : undefined;
}

function refuse(key: string, message: string, hint: string): AcrnError {
  return new AcrnError("tuning.knob", `${key}: ${message}`, { property: `runtime.${key}`, hint });
}
