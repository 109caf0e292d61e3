import type { CheckInput, Finding, Rule } from "./types";
import { finding, ifRtvm, inRtvm, valuesOf } from "./words";

/** 7b: parameters that are no panic and no watchdog and end in a reset all the same. */
export const otherResets: Rule = (input) => {
  const severity = inRtvm(input);
  if (!severity) return [];
  return [...crashKernel(input), ...emergency(input, severity)];
};

/**
 * A kernel that panics starts the crash kernel before it looks at `panic=` [Linux kernel/panic.c], and that one resets once it has saved its dump (kdump.conf(5), final_action: reboot by
 * default). RHEL has it on every line, so it only warns: without a kdump service nothing is loaded.
 */
function crashKernel(input: CheckInput): Finding[] {
  const value = valuesOf(input.line, "crashkernel").at(-1);
  if (value === undefined || value === "0" || value === "no") return [];
  return [
    finding(
      "warning",
      "tuning.crash-kernel",
      "7b",
      "kernelArgs.crashkernel",
      `crashkernel=${value}: with kdump a panic starts a second kernel, which resets the whole machine when it has saved its dump${ifRtvm(input)}`,
      "Say kernelArgs: { crashkernel: null }, or `final_action poweroff` and `failure_action poweroff` in /etc/kdump.conf.",
    ),
  ];
}

/** What an initramfs does instead of a shell [dracut.cmdline(7), rd.emergency]. */
function emergency(input: CheckInput, severity: Finding["severity"]): Finding[] {
  if (valuesOf(input.line, "rd.emergency").at(-1) !== "reboot") return [];
  const message = `rd.emergency=reboot: an initramfs that does not find its root resets, and with it the whole machine${ifRtvm(input)}`;
  return [
    finding(severity, "tuning.emergency", "7b", "kernelArgs.rd.emergency", message, "Say rd.emergency=poweroff."),
  ];
}
