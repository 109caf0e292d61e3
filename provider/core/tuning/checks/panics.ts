import type { CheckInput, Finding, Rule } from "./types";
import { finding, ifRtvm, inRtvm, valuesOf } from "./words";

/** Parameters that turn trouble into a panic, and the values that do not [Linux Documentation/admin-guide/kernel-parameters.txt]. */
const ARGUMENTS: readonly (readonly [key: string, panics: (value: string) => boolean])[] = [
  ["softlockup_panic", (value) => value !== "0"],
  ["hardlockup_panic", (value) => value !== "0"],
  ["hung_task_panic", (value) => value !== "0"],
  ["nmi_watchdog", (value) => value.startsWith("panic")],
  ["oops", (value) => value === "panic"],
  ["panic_on_warn", (value) => value !== "0"],
  ["panic_on_taint", () => true],
  ["unknown_nmi_panic", () => true],
];

/** [Linux Documentation/admin-guide/sysctl/kernel.rst, vm.rst] */
const SYSCTLS = [
  "kernel.softlockup_panic",
  "kernel.hardlockup_panic",
  "kernel.hung_task_panic",
  "kernel.panic_on_oops",
  "kernel.panic_on_warn",
  "kernel.panic_on_rcu_stall",
  "kernel.panic_on_io_nmi",
  "kernel.panic_on_unrecovered_nmi",
  "kernel.unknown_nmi_panic",
  "vm.panic_on_oom",
];

/** 7b: detectors that panic. RT tasks look like lockups to them; what the panic then does is `tuning.panic`'s business. */
export const panics: Rule = (input) => {
  if (!inRtvm(input)) return [];
  return [
    ...ARGUMENTS.flatMap(([key, does]) =>
      valuesOf(input.line, key)
        .slice(-1)
        .filter(does)
        .map((value) => said(input, value === "" ? key : `${key}=${value}`, `kernelArgs.${key}`)),
    ),
    ...SYSCTLS.filter((key) => !["0", undefined].includes(input.sysctls.get(key)?.trim())).map((key) =>
      said(input, `${key} = ${input.sysctls.get(key)}`, `sysctls.${key}`),
    ),
  ];
};

function said(input: CheckInput, text: string, property: string): Finding {
  return finding(
    "warning",
    "tuning.panics",
    "7b",
    property,
    `${text} turns trouble into a panic, and RT tasks that keep a CPU busy can look like trouble${ifRtvm(input)}`,
    "Leave it out of a real-time VM: a guest that panicked can only be started again from its host.",
  );
}
