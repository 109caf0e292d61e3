import { AcrnError } from "../../errors";
import { KNOBS } from "../runtime/knobs";
import { checkMask } from "../services/maskable";
import type { Entry, What } from "./types";

/** What stands on one line, in one file, in one path: nothing that would break out of it. `*` and braces of templates stay. */
interface Shape {
  key: RegExp;
  value: RegExp;
  says: string;
}

const SHAPES: Readonly<Record<What, Shape>> = {
  // Only blanks and double quotes divide a command line [Linux lib/cmdline.c next_arg]; the rest is for the boot loader's quoting
  kernelArg: {
    key: /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
    value: /^[^\s"\0-\x1f\x7f]*$/,
    says: "a kernel argument is one word without double quotes",
  },
  sysctl: {
    key: /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/,
    value: /^[^\n\r\0]*\S[^\n\r\0]*$/,
    says: "a sysctl has a name like kernel.timer_migration, and a value on one line",
  },
  service: {
    key: /^[A-Za-z0-9:_.@\\-]+\.(?:service|socket|timer|path)$/,
    value: /^masked$/,
    says: 'a service is the full name of a unit (rsyslog.service), and its value is "masked"',
  },
  runtime: { key: /^\w+$/, value: /^[\w,{}]+$/, says: "a runtime knob has one of the known names" },
};

/** @param from `profile mine`, `sysctls.kernel.printk`; @throws AcrnError `tuning.entry` */
export function checkEntry({ what, key, value }: Pick<Entry, "what" | "key" | "value">, from: string): void {
  const shape = SHAPES[what];
  if (!shape) throw bad(from, `${JSON.stringify(what)} is no kind of setting`, `Write one of ${Object.keys(SHAPES)}.`);
  const whole = value === true ? what === "kernelArg" : typeof value === "string" && shape.value.test(value);
  if (!shape.key.test(key) || !whole)
    throw bad(from, `${key} = ${JSON.stringify(value)} cannot be written`, `${capital(shape.says)}.`);
  if (what === "service") checkMask(key, from);
  if (what === "runtime" && !KNOBS.some((knob) => knob.name === key))
    throw bad(from, `there is no runtime knob ${key}`, `Choose one of ${KNOBS.map((knob) => knob.name).join(", ")}.`);
}

function bad(from: string, message: string, hint: string): AcrnError {
  return new AcrnError("tuning.entry", `${from}: ${message}`, { hint });
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
